"""Ordinary words: what people say around a question, and what is no misspelling of ours."""

# adjectives, adverbs and small talk: they name nothing, so they never change what is asked
NEUTRAL_WORDS = """
    big small low high til till wait whoa
    able absolute absolutely acc acceptable accessible accidental according across active
    additional additionally afraid afterwards aight ain aint aka alas alike almost aloha alone
    along alongside alright although always amazing amen amigo amirite amongst angry anonymous
    anyhow anyway anyways anywhere apart apologies apparent appreciated appropriate approx
    arbitrary arent asap aside asleep atm attractive auf automatically available aware awful
    awkward aww b4 bad badly barely basic bc bcs bcz beaucoup beautiful becoz beforehand besides
    best bitte boa bom bonjour bored brave brb brief briefly bright brilliant broad broken bruh
    btwn calm capable carefully casual casually central certainly cheerio chief ciao cld clear
    clearer clearly clever closely closer closest cmon comfortable commonly comparatively
    competitive completely complex complicated comprehensive concise confident congrats
    congratulations conscious consecutive consistent consistently constant constantly
    contemporary contrary controversial conventional cordially correctly coulda couldnt
    couldve counterintuitive crazy creative critical crucial cuz cya cynical dammit damn dang
    dangerous danke darn dear decent deeply deets def definite definitely defo dependent dept
    desperate despite dias didnt diff different directly disappointed distant distinct diverse
    doesnt doin doubtful dramatic drastically dubious due dumb dunno easier easiest easily
    effective effectively eh either eli5 elsewhere emotional empty enormous enormously equal
    equally equivalent erm especially essential essentially etc eventually everywhere evryone
    excellent exclusively extensive external extra extraordinary extremely fairly familiar
    famous fancy fantastic fave favor favorite favour favourite feasible few ffs finally firstly
    folks forever formal former formerly forth frankly frequent frequently ftw fundamental funny
    furthermore fwiw fyi gd gday geez general generally generous gentle genuinely glad gn goin
    goodness goodnight gosh gotcha gr8 gracias gradually grateful greatly guten hadnt hafta
    haha hahaha hallo happy hard harder hardly hasnt havent heavily heavy heh hence herself
    highly hilarious himself historically hmm hmmm homie honest honestly hooray hopefully
    hopeless horrible however hru hugely huh hv hypothetical idc ideal ideally idek identical
    idk iirc ik imho immediate immediately imo implicit important importantly impossible
    impressive incidentally incl incomplete incredible independent indirectly inexact info
    informal initial initially innit insane inshallah inside instantly intense interestingly
    internal intro irl ironically isnt itll ja jeez jk jus kiitos kinda kk kno kthx kudos l8r
    largely lastly lately latter lazy legitimate lemme lest likely likewise literally little
    lmao lmk logically lonely longer longest lookin loose loosely lotta lovely luv m8 maam madam
    mahalo main mainly major majority massive meanwhile medium merci merely merhaba mightve
    minimum minor minority mkay moderate moderately modern moi moreover morgen mostly mustnt
    myself mysterious nah naive namaste narrow naturally near nearby nearly necessarily
    necessary neednt negative nein neither nervous neutral nevertheless newly ngl noches none
    nope nor nothin noticeable nowhere np numerous obrigado obv obvious obviously occasionally
    odd oddly ofc official officially often oh okey oki old older oldest omg ongoing onto oops
    openly opposite optional ordinary original originally otherwise ought oui ourselves outdated
    outside outstanding outta overdue painful partial partially particular particularly partly
    peeps perfect perfectly permanent permanently personal personally phew plainly plausible
    pleasant plenty pointless polite poor poorly popular por positive possible potentially pov
    powerful ppl practical practically precise precisely preferable prego preliminary presumably
    prev previously primarily primary privet prob prolly proper properly proud provisional
    purely qualified quiet random rapid rapidly rare rarely realistic realistically reasonable
    regardless regular regularly relative relatively relevant remarkable repeatedly reportedly
    respectfully respective respectively responsible rgds ridiculous risky rly rn robust rofl
    rough rude sad safely salam salamat sceptical scusa seemingly sensitive separately serious
    seriously severe severely shalom sheesh shld shorter shortly shoulda shouldnt shouldve
    shukran shukriya shy sick significant significantly silent silly similar similarly simple
    simpler simplest simultaneously sincerely skeptical slight slightly slow slowly small smart
    smh smth soft solely solid somehow sometimes somewhat somewhere sooo sorta soz spasibo
    special specifically srsly sry steady stp straight straightforward strange strangely
    stranger strict strictly striking strong stronger strongly stupid subsequent subsequently
    substantial successful successfully sudden suddenly sufficient suitable superior surely
    surprisingly svp tbf tbh technical technically temporarily temporary terima terrible thanku
    thankyou thatll theoretically therefore theyd theyll theyre theyve thnx tho thoroughly
    thoughtful thus tight tldr tmrw together tomorrow tonight towards tq traditional
    traditionally trivial truly tryna ttyl tym typically tysm tyvm ugh uh uhh ultimate
    ultimately um umm unable unaware unclear uncomfortable underlying unexpected unfair
    unfamiliar unfortunately unique unknown unless unlike unlikely unreasonable unrelated
    unreliable unsure unusual upcoming upon upper useful useless usual usually vague vaguely
    valeu valid valuable various vast viable virtually visible vous w8 wasnt wassup wazzup wb
    wbu wdym weak weird weirdest werent weve whatcha whatever whatevs whenever whereas whereby
    wherever whether whew whichever whilst whoa whoever wide widely wider widespread wiedersehen
    wild wld wonderful wont worldwide worse worst worthwhile wot woulda wouldve wow wtf wud xx
    ya yaar yea yesterday yikes yknow youd youll young younger yourself yourselves youve yup yw
""".split()

# verbs, people and matters of talk: they may say what a message is about, but are spelled as meant
PLAIN_WORDS = """
    sit sits sitting setting weekday weekdays
    ability abstract abstraction academic accept accomplish achieve acknowledge adapt adjust
    admit admitted advantage advice advise adviser advisor affair affect agenda agreement aim
    allow alter amateur ambiguity amount analyse analysis analyst analyze anecdote angle
    announce announcement annoy answer anticipate anybody apologise apologize appear appearance
    appendix apprentice approval approve argue argument arise arisen arose arrange arrangement
    arrive ascertain aspect assert assertion assess assessment assign assignment associate
    assumption assure attempt attend attendee attitude attract audience aunt auntie authority
    avoid await awareness background became beg began begun behave behavior behaviour belief
    believer belong bf blame blogger blurb bother bought boundary boyfriend brag brainstorm
    brother brought buyer buzzword calculate catch category caught cause caveat ceo cfo chairman
    chairwoman challenge chapter characterize chatting choose chose chosen cio circumstance
    clarification clarify classmates client close clue cmo cofounder coherence colleague
    columnist comment commentary commentator commit commitment committed committee communicate
    communication company competitor complain comply comprehend compromise conceive concept
    concern condition conduct confirmation confront confusion conjecture consensus consequence
    consider consideration consist constitute contain contemplate content context contradict
    contradiction contrast contribute contribution contributor controversy convene converse
    convey conviction convince coo coordinate correlate correspond correspondent counterargument
    counterexample counterpart cousin coworker create creator criteria criterion critic
    criticise criticize cto dad daddy daughter deadline deal dealt debate decide decision deck
    declare deduce deduct deem define definition delve demonstrate denote department depend
    depict derive describe description deserve desire detail determine dev deviate devote
    difference difficulty direction director disagreement disappear discern disclaimer discovery
    discrepancy discuss discussion dislike dismiss dispute disregard distinction distinguish
    distract doubt draft dream dwell ease echo economist editor effect effort elaborate
    eliminate emerge emphasis emphasise emphasize enable encounter encourage enhance enjoy
    enquire ensure entail enter entrepreneur envision equate essay establish evaluate evaluation
    everybody exaggerate examine exception excerpt excite excitement excuse exec executive
    existence experience expert explanation explore expose expression extent face facilitate
    fact fail failure faq father fear feedback feeling fellow felt fetch fiance fiancee finish
    firm focus follow footnote force foresee forgave forgetting forgive forgiven forgot
    forgotten formulate founder freshman frighten fulfil fulfill fun gather generalize gentleman
    gentlemen gf girl girlfriend gist glance glossary graduate grandad grandfather grandma
    grandmother grandpa grapple guarantee guidance guideline guru habit handle happen hassle
    hear heard held hesitate hidden hide highlight hint homework hunch hurry husband hypotheses
    idea identify ignorance illustrate imagine implication imply importance impose impress
    include incorporate indicate indication influence inform information initiate initiative
    inquiry insider insight insist inspiration inspire instance instruct instructor integrity
    intend intent intention interact intern interpret interpretation interrupt interview
    introduce introduction intuition investigate investigation investor invite invoke involve
    issue jargon joking journalist judge judgment junior justify kept keynote keyword knew
    knowledge known lack layman leader learner lecture lecturer left length lie lied listen
    locate lose lost love lying maintain manage manager manner matter meant measure meeting
    memorize men mention mentor merit mess met misconception mislead misled misread miss mistake
    mistaken mistook misunderstand misunderstood mode modify mom mommy mother motivate
    motivation mr mrs mum nag narrative neglect negotiate newbie news nobody nonsense noob
    notice notify notion nuance objective objectivity obligation observation observe obtain
    occasion occur occurred omit omitted opinion opportunity oppose organisation organise
    organiser organization organize outcome outline outset overcome overestimate overheard
    overlook overthink overview overwhelm owe owner ownership paid pal panelist paraphrase
    parent participant participate partner patience pattern pause peer perceive perception
    permission persist perspective persuade phase phd phenomenon phrasing pick pinpoint pitch
    planning plausibility pleasure podcast ponder position possess possibility postdoc postpone
    potential practice practise practitioner predecessor prefer preferred prepare presentation
    presenter presume pretend prevent principle prioritize priority problem proceed prof
    professional professor promote pronounce proof proportion proposal propose prove proven
    provide puzzle quality quantify quantity question quotation ratio rationale react reaction
    reader realise reality realize realm reassure recall recap receive recheck recipient reckon
    recognise recognize recommend recommendation reconcile reconsider recount rectify redefine
    redid redo refer referred refine reflect reflection refuse refute regret reinforce reiterate
    reject relate relation relationship release relinquish rely remain remarks remember remind
    reminder repeat rephrase replace reply report represent representation require requirement
    reread researcher resemble resist resolution resolve respect respond response restart
    restate result rethink retrieve retry reuse reveal review revise revisit reword rewrite
    rewritten rewrote role rumour rundown running rush satisfied saw sayin scepticism scholar
    scientist scope scroll section seek seem select sell seller senior sense sent sentence
    separate session setting shape shareholder shock shut sibling side sigh significance signify
    similarity simplify sister situation skeptic skepticism skipped slide slideshow sold
    solution solve sought sound speak specified spell spoke spoken spread stage stakeholder
    stance standpoint statement statistician stats stopped strategy strength strengthen struggle
    stuck student subject submit submitted subtract succeed success successor suffice suggest
    suggestion summary supervisor supporter surpass surprise suspect sustain synopsis tackle
    takeaway talk talkin tangent task taught teacher team teammate teamwork tend term
    terminology theory thesis thought told tolerate took topic trace trick tried trigger trouble
    truth tweak type uncle uncover underestimate undergo undergrad undergraduate undermine
    undertake undertook undid undo undone unify update upset upshot urge urgency usefulness
    utilise utilize variation variety vary vcs vendor version viewer viewpoint visitor visualize
    volunteer vouch vp wait waive warning weakness welcome whisper wife wish witness wives woman
    women worsen write writer writeup written
""".split()

# things whose names lie close to our words
THINGS_WORDS = """
    city cities site sites kite kites bite bites
    gold coat coats coast cast paler pager piper stud steady sturdy caller draw house horse
    mouse train trains brain chain chips ships shops steps stops posts ports parts hosts scarf
    scars stock stocks store stores story stories bread beard board weather whether feather
    paint print prints point pants plane plant plants planet plans place places plate plates
    rounding rounded
    lunch drive driver dinner winner summer simmer dollar collar teacher teaching reading
    writing recipe restaurant hotel flight ticket tickets movie music football match watch water
    waiter letter better battery butter potter hunger burger finger singer rent rents sent tent
    went test tests text texts taste waste paste past fast last vast cost host most lost rost
    flat flats float optimus scarlet beeping deadline won convert boring born burn torn worn
    phone phones health wealth death breath tooth teeth taxi taxes coffee office offer
""".split()
