"""The market: what models were sold for, what they can do, and what a fixed capability costs."""
