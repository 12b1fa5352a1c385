"""Words by which organisations, posts and people are told apart in a lead cell. Data only."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


GIVEN_NAMES = words(
    """
    aaron abbie abby abdul abdullah abigail adam adele adil adrian adriana agnes agnieszka ahmed aidan
    aileen aisha aisling alan alana alasdair albert alec aled alex alexander alexandra alexis alfie
    alfred ali alice alicia alina alison alistair allan allison ally alma alun alyson amanda amber
    amelia amina amir amit amrit amy ana anand andre andrea andreas andrew andy aneta angela angie angus
    anil anisa anita anjali ann anna annabel anne annette annie anthony antonia antonio anwar april
    archie arjun arlene arshad arthur asha ashley ashraf asif asma audrey austin ayesha azhar barbara
    barry bart beata beatrice becca becky belinda ben benjamin bernadette bernard bernice bert beth
    bethan bethany betty bev beverley bill billy bob bobby brenda brendan brian bridget bruce bryan
    bryony caitlin callum cameron camilla candice cara carl carla carly carmel carmen carol carole
    caroline carolyn carrie carys catherine cathryn cathy cecilia celia ceri chandra chantal charlene
    charles charlie charlotte chelsea cherie cheryl chloe chris christian christina christine
    christopher ciara claire clara clare claudia clive colette colin colleen connor conor corinne craig
    cristina cynthia dale dan daniel daniela danielle danny daphne darren dave david dawn dean deb
    debbie deborah debra declan dee deepa deirdre delia denis denise dennis derek des dharmesh diana
    diane dianne dilip dipak dom dominic dominique don donald donna dora doreen dorothy doug douglas
    duncan dylan eamonn ed eddie edith edward edwina eileen elaine eleanor elena eleri elisabeth eliza
    elizabeth ella ellen ellie ellis elouise elsie emily emma eric erica erin esther ethan eugene eunice
    eva evan eve evelyn ewa ewan faisal faith farah farhana farida fatima fay faye felicity fern finlay
    fiona florence fran frances francesca francis frank frankie fred freda frederick freya gabriel
    gabriella gail gareth garry gary gavin gaynor gemma genevieve geoff geoffrey george georgia georgina
    gerald geraldine gerard gerry giles gill gillian gina gita glen glenda glenn gloria glyn glynis
    gordon grace graeme graham grant greg gregory greta guy gwen gwyneth hana hannah harbinder hardeep
    hari harjit harold harpreet harriet harry harvey hasan hassan haydn hayley hazel heather heidi helen
    helena helene henrietta henry hilary hilda holly hope howard hugh hugo humaira hussain huw iain ian
    ibrahim ida imogen imran ina inderjit ines ingrid iqbal irena irene irfan iris isaac isabel isabella
    isabelle isla isobel ivan ivy iwona jack jackie jacob jacqueline jacqui jade jagdeep jake james
    jamie jan jane janet janette janice janine jas jasbir jasmin jasmine jason jasvinder jaswinder javed
    jay jayne jean jeanette jeannie jeff jeffrey jen jennie jennifer jenny jeremy jerry jess jesse
    jessica jill jim jimmy jo joan joana joanna joanne jocelyn jodie joe joel johanna john johnny jon
    jonathan jonathon jordan joseph josephine josh joshua josie joy joyce juan judith judy julia julian
    juliana julie juliet juliette june justin justine kamal kapil kara karan karen karim karin karl
    karolina kasia kate katerina kath katharine katherine kathleen kathryn kathy katie katrina katy
    kavita kay kayleigh keeley keiran keith kelly kelvin ken kenneth kerrie kerry kevin khalid kieran
    kim kimberley kiran kirsten kirstie kirsty krishna kristina krystyna kuldip kulwinder kyle lana lara
    laura lauren laurence lawrence lea leah leanne lee leigh len leo leon leona leonard leonie lesley
    leslie lewis liam lianne lidia lilian lily linda lindsay lindsey linzi lisa liz lizzie lloyd lois
    lola lorna lorraine lottie louis louisa louise lucinda lucy luke lydia lyn lynda lyndsey lynette
    lynn lynne mabel madeleine magda magdalena maggie mags mahmood maisie malcolm malgorzata malik
    mandeep mandy manjinder manjit manpreet marc marcia marcin marcus margaret maria marian marianne
    marie marilyn marina mario marion marisa marjorie mark marlene marta martha martin martina martyn
    mary maryam mathew matt matthew maureen maurice mavis max maxine may meena meera megan mel melanie
    melinda melissa melvyn mercy mia michael michaela michaella michal michele michelle mick miguel mike
    mildred millie milly mina miranda miriam mo mohamed mohammad mohammed mohan moira mollie molly mona
    monica morag morgan muhammad muriel murray myra nabeel nadia nadine nancy naomi narinder nasreen
    natalia natalie natasha nathan navdeep naveed neal neelam neil nesta niall nichola nicholas nick
    nicky nicola nicole nigel nikita nikki nina nisha noel noreen norma norman nuala olga olive oliver
    olivia omar oscar osman owen paige pam pamela parveen pascal pat patience patricia patrick paul
    paula pauline pawel pearl peggy penelope penny perminder pete peter petra phil philip philippa
    phillip phyllis piotr pippa polly poonam priscilla priti priya rabia rachael racheal rachel radha
    rafiq raj rajan rajesh rajinder ralph ram ramesh rana rani ranjit rashid ravi ravinder ray raymond
    rebecca rebekah reena reg rehana rekha rene renee reza rhian rhiannon rhoda rhona rhys ria richard
    rick ricky rita rob robert roberta robin robyn rod roderick rodney roger roisin roland ron ronald
    ronnie rory rosa rosaleen rosalind rosalyn rose roseanne rosemarie rosemary rosie ross rowan rowena
    roxanne roy ruby rukhsana rupert russell ruth ryan saba sabina sadia sadie saeed safina saima sajid
    sal sally salma sam samantha samina samir samuel sandeep sandie sandra sandy sangeeta sanjay sapna
    sara sarah sarwar sasha satnam saul scott sean seema selina serena shabana shabnam shade shagufta
    shah shaheen shahid shamim shane shannon sharon shaun shauna shaw shayne sheena sheila shelagh
    shelley sheryl shirley shobha shona sian sidney simon simone simran sinead siobhan sofia sonia sonya
    sophia sophie stacey stan stanley stef stefan stella steph stephanie stephen steve steven stewart
    stuart sue sufia sukhdev sukhjit sukhvinder sultana sunil sunita surinder susan susanna susanne
    susie suzanne suzie suzy sylvia tahir tajinder tamara tamsin tania tanya tara tariq tasneem tatiana
    ted teresa teri terri terry tess tessa thea thelma theo theresa thomas tim timothy tina toby toni
    tony tracey traci tracie tracy travis trevor tricia trish trudy tyler umar una ursula usha val
    valerie vanessa vera verity vernon veronica vicki vickie vicky victor victoria vijay vikki vikram
    vimal vincent viola violet vivek vivien vivienne wahid wanda warren wayne wendy wilfred will william
    winifred winston xenia yasmeen yasmin yolanda yousef yvette yvonne zac zach zachary zaheer zahid
    zahra zainab zara zeenat zoe zofia zubair
    """
)

# Words in names of organisations, their parts and their kinds; none of them is a person's name.
ORGANISATION_WORDS = words(
    """
    ability abuse academies academy access achievement action activities activity adolescent adoption
    adult adults advice advisory advocacy age agencies agency alcohol alliance ambulance and area areas
    arts assessment assistance association asylum attainment attendance authorities authority barnardo's
    barnardos barnardo’s behaviour behavioural board boards body borough breastfeeding bureau business
    cafcass camhs care career careers carers ccg ccgs centre centres challenge charities charity child
    childcare childhood children children's childrens children’s cic citizens city clinic clinical club
    clubs coalition college colleges commission commissioners commissioner’s commissioning committee
    communication communications communities community company complex connect connexions consortium
    constabulary contract cooperative corporate corporation council council's councillors councils
    council’s counselling county court crime cross cultural culture customer data defence delivery
    dental department departments development devon digital diocesan diocese dioceses directorate
    disabilities disability disabled district districts division domestic drug drugs early east economic
    economy education educational elective emergency emotional employers employment energy engagement
    england english environment equality estate estates event events executive exploitation faith
    families family federation finance fire first for force forces forum foster fostering foundation
    friends further gateway general governance governing government governors gp gps green group groups
    growth health healthcare healthwatch heritage highways home homelessness homes hospital hospitals
    house housing hub hubs human improvement inclusion independent industry information initiative
    inspection institute integrated intelligence intervention job jobcentre jobs joint justice kingdom
    labour language law leadership learner learners learning leaving legal leisure liaison libraries
    library life lifelong lifestyle lifestyles limited local looked lord ltd magistrates maintained
    management maternal maternity media mental mentoring midlands midwifery ministry mission multi
    multi-agency museum museums music national neighbourhood neighbourhoods network networks nhs north
    northern nspcc nurseries nursery nursing obesity of offending office officers ofsted older
    operations opportunities opportunity organisation organisations out parent parental parenting
    parents park parks parliament partner partners partnership partnerships pathway pathways people
    performance perinatal pharmacies pharmacy physical place places planning play plus police policy
    post practice practices pregnancy prevention primary prison prisons private probation programme
    project projects property protection provider providers provision psychology public pupil pupils
    quality recovery referral refuge region regional registrar regulatory rehabilitation relationships
    rescue residential resource resources respite retention review royal rural safeguarding safer safety
    school schools science secondary sector security sen send senior service services sexual shelter
    sixth skills social society solutions south southern special specialist speech sport sports
    stakeholders standards state statutory steps strategic strategy street student students substance
    support supported sure surestart surgery system targeted task team teams technical tenancy the
    therapy together tourism trading training transport travel treatment trust trustees trusts under
    union unit united units universal universities university urban user users victim victims village
    violence virtual visiting visitors vocational voluntary volunteer volunteers ward wards weight
    welcome welfare well-being wellbeing west western women women's women’s work workers workforce works
    ymca yot young youth
    """
)

# Nouns that make the words before them a whole name: "… Council", "… CCGs", "… Services".
HEAD_NOUNS = words(
    """
    academies academy agencies agency alliance ambulance association authorities authority barnardo's
    barnardos barnardo’s board boards cafcass camhs care ccg ccgs centre centres charities charity
    college colleges commission commissioner commissioners committee committees company consortium
    constabulary council councils court department departments diocese dioceses directorate education
    employers england executive families federation forum foundation governors group groups health
    healthcare healthwatch hospital hospitals housing institute jobcentre learning libraries meeting
    midwifery network networks nhs nspcc nurseries nursery office ofsted organisation organisations
    panel parents partners partnership partnerships police practices prison probation project providers
    provision safeguarding school schools sector service services society sub-committee sub-group
    subcommittee subgroup taskforce team teams trust trusts union unit universities university welfare
    works ymca yot youth
    """
)

# Short names that stand alone in lists of leads and partners.
BARE_ORGANISATIONS = words(
    """
    academies barnardo's barnardos barnardo’s cafcass camhs carers ccg ccgs charities colleges
    communities councils dioceses education employers families governors gps health healthwatch
    hospitals housing jobcentre libraries midwifery nhs nurseries ofsted parents partners pharmacies
    police probation providers schools universities youth
    """
)

POST_WORDS = words(
    """
    adviser advisor assistant chair chairman chairperson chief co-ordinator commander consultant
    coordinator councillor dean deputy director directors executive’s governor head heads headteacher
    headteachers inspector lead leader leads manager managers midwife nurse officer officers portfolio
    practitioner practitioners principal psychologist sergeant specialist superintendent supervisor
    treasurer worker workers
    """
)

TITLES = words(
    """
    ch cllr councillor dame dci dr insp miss mr mrs ms mx pc prof professor rev revd sgt sir supt
    """
)
