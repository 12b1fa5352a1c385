"""Words by which organisations, posts and people are told apart in a lead cell. Data only."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


GIVEN_NAMES = words(
    """
    aaron abbie abby abdul abdullah abena abigail adam ade adele adil adrian adriana agnes agnieszka
    ahmed aidan aileen aisha aisling ajay akua alan alana alasdair albert alec aled alex alexander
    alexandra alexis alfie alfred ali alice alicia alina alison alistair allan allison ally alma alun
    alyson amanda amber amelia amina aminata amir amit amrit amy ana anand anders andre andrea andreas
    andrew andy aneta angela angie angus anil anisa anita anjali ann anna annabel anne annette annie
    anthony antonia antonio anup anwar april archie arjun arlene arshad arthur arun asha ashley ashok
    ashraf asif asma astrid audrey austin ava ayaan ayesha ayse azhar barbara barry bart bartosz beata
    beatrice becca becky belinda ben benjamin bernadette bernard bernice bert beth bethan bethany betty
    bev beverley bilal bill billy bjorn bob bobby bola bradley brandon brenda brendan brett brian
    bridget bruce bryan bryony cain caitlin caleb callum cameron camilla candice cara carl carla carlos
    carly carmel carmen carol carole caroline carolyn carrie carys casey cathal catherine cathryn cathy
    catriona cecilia celia ceri cerys chad chandra chantal chantelle charis charlene charles charlie
    charlotte chelsea cherie cheryl chiara chidi chinedu chloe chris christian christina christine
    christopher christy ciara claire clara clare claudia clayton clive cole colette colin colleen connor
    conor corey corinne courtney craig cristina cynthia dafydd daisy dale dan dana daniel daniela
    danielle danny daphne darcy darren darryl daryl dave david dawn dean deanna deb debbie deborah debra
    declan dee deepa deepak deirdre delia denis denise dennis derek dermot des dexter dharmesh diana
    diane dianne dilip dinesh dipak dom dominic dominique don donald donna dora doreen dorian dorothy
    doug douglas drew duncan dwayne dylan eamonn ed eddie edgar edith edmund edward edwin edwina effie
    eileen eilidh elaine eleanor elena eleri elijah eliot elisabeth elise eliza elizabeth ella ellen
    ellie elliot elliott ellis elouise elsa elsie emeka emily emma emmanuel emre emyr enid eoin eric
    erica erik erin ernest errol esme esmee esther ethan ethel euan eugene eunice eva evan eve evelyn
    evie ewa ewan ezra fahad faisal faith farah farhana farida farooq fatima fatou fay faye felicity
    felix femi fenella fergal fergus fern ffion finlay finn fiona fleur flora florence floyd folake fran
    frances francesca francesco francis frank frankie fred freda frederick freja freya gabby gabriel
    gabriella gaby gail ganesh gareth garrett garry gary gavin gaynor gemma gene genevieve geoff
    geoffrey george georgia georgie georgina geraint gerald geraldine gerard geri gerry gethin gilbert
    giles gill gillian gina ginny giovanni giselle gita giulia glen glenda glenn glenys gloria glyn
    glynis goldie gopal gordon grace graeme graham grainne grant greg gregory greta griff guy gwen
    gwenda gwenllian gwyn gwyneth hakan hamish hamza hana hannah harbinder hardeep hari haris harish
    harjit harley harold harpreet harriet harry harvey hasan hassan hattie haydn hayley hazel heather
    hector heidi helen helena helene henrietta henry hetty hilary hilda hoang hollie holly hope horace
    howard howell hubert hugh hugo humaira hussain huw iain ian ibrahim ida idris ifeoma imelda imogen
    imran ina inderjit indira ines ingram ingrid iona iqbal irena irene irfan iris isaac isabel isabella
    isabelle isadora isaiah isha isla isobel ivan ivy iwan iwona jack jackie jacob jacqueline jacqui
    jade jaden jagdeep jaime jake james jamie jan jane janet janette janice janine jared jas jasbir
    jasmin jasmine jason jasper jasvinder jaswinder javed jay jayne jean jeanette jeannie jed jeff
    jeffrey jemima jen jenna jennie jennifer jenny jeremiah jeremy jerome jerry jess jesse jessica jill
    jim jimmy jo joan joana joanie joanna joanne joao jocelyn jodie jody joe joel johanna john johnny
    jolene jon jonathan jonathon jonny jonty jordan jordana jose josef joseph josephine josh joshua
    josiah josie joy joyce juan jude judi judith judy julia julian juliana julie juliet juliette junaid
    june justin justine jyoti kaitlyn kamal kamla kapil kara karan karen karim karin karl karolina
    kashif kasia katarzyna kate katerina kath katharine katherine kathleen kathryn kathy katie katrina
    katy kavita kay kaye kayleigh keeley keira keiran keith kelly kelvin ken kendall kendra kenji
    kenneth kenny kerri kerrie kerry kevin khalid kian kiera kieran kim kimberley kiran kirsteen kirsten
    kirstie kirsty kishore kit kitty kofi kris krishna kristian kristin kristina krystyna krzysztof
    kuldip kulwinder kurt kwabena kwame kyle kylie lacey lakshmi lana lara lars laura lauren laurence
    laurie lawrence lea leah leanne lee leela leigh leila len lena lenny leo leon leona leonard leonie
    lesley leslie lesly leticia levi lewin lewis lexi liam lianne lidia lila lilian lilly lily linda
    lindsay lindsey linh linzi lionel lisa livia liz lizzie lloyd lois lola loraine lorenzo lorna
    lorraine lottie louis louisa louise lowri luca lucia lucian lucien lucinda lucy luis lukas lukasz
    luke lydia lyn lynda lyndsey lynette lynn lynne mabel madeleine mae maeve magda magdalena maggie
    magnus mags mahesh mahmood mair mairi maisie malcolm malgorzata malgosia malik mamadou mandeep mandy
    manjinder manjit manoj manpreet mara marc marcel marcia marcin marco marcus margaret margot maria
    marian marianne marie marilyn marina mario marion marisa marisol marjorie mark marla marlene marlon
    marta martha martin martina martyn marvin mary maryam mateusz mathew matilda matt matthew mattie
    maud maureen maurice mavis max maxine may meena meera meg megan mehmet mel melanie melinda melissa
    melvyn menna mercy merle merryn mia micah michael michaela michaella michal michele michelle mick
    miguel mike mildred millie milly milo mina minh minnie miranda miriam mitch mo mohamed mohammad
    mohammed mohan moira mollie molly mona monica morag morgan moses muhammad mukesh muna muriel murray
    mustafa myles myra myrtle nabeel nadeem nadia nadine nancy naomi naresh narinder nasir nasreen nat
    natalia natalie natasha nathan nathaniel navdeep naveed neal ned neelam neha neil nell nelly nerina
    nerys nesta nevil neville ngozi nia niall niamh nichola nicholas nick nicky nicola nicole nigel
    nikhil nikhita nikita nikki nils nina nisha nita nkechi noah noel noor nora norah noreen norma
    norman nuala octavia odette olga olive oliver olivia olu olwen omar omer oona opal ophelia oren orla
    orlando oscar osman otis otto owain owen padraig paige pam pamela paolo parul parveen pascal pasha
    pasquale pat patience patricia patrick paul paula pauline pawel pearl pedro peggy penelope penny
    penri peregrine perminder perry pete peter petra phil philip philippa phillip philomena phoebe
    phyllis pia piotr pippa polly pooja poonam poppy pradeep presley priscilla priti priya quentin quinn
    rabia rachael racheal rachel rachelle radha rae rafiq raheem raj rajan rajesh rajinder rajiv rakesh
    ralph ram ramesh ramona rana rani ranjit raphael raquel rashid rashida ravi ravinder ray raymond
    rebecca rebekah reena reg regan reggie regina rehana rekha remi renata rene renee reza rhea rhian
    rhiannon rhoda rhodri rhona rhydian rhys ria ricardo richard rick ricky rico riley rita ritu rizwan
    rob robert roberta roberto robin robyn rochelle rod roderick rodney roger rohan rohini rohit roisin
    roland romy ron ronald ronan ronnie rory rosa rosaleen rosalind rosalyn rosanna rose roseanne
    rosemarie rosemary rosie ross rowan rowena roxanne roxy roy ruby rudy rufus rukhsana rukhsar rupert
    russell ruth ryan saad saba sabina sabrina sacha sachin sadia sadie saeed safina saima sajid sal
    salim sally salma salman sam samantha samina samir samuel sandeep sandie sandra sandy sangeeta
    sanjana sanjay sanjeev santiago saoirse sapna sara sarah sarwar sasha satnam saul scarlett scott
    seamus sean sebastian seema selina serena serina seth shabana shabir shabnam shade shagufta shah
    shaheen shahid shamim shane shannen shannon shari sharon shaun shauna shaw shayne shaz shazia sheena
    sheila shelagh shelby shelley sherri sheryl shilpa shirley shoaib shobha shona shweta sian sid
    sidney sidra silas silvia simon simone simran sinead siobhan sioned skye sofia sohail sol solomon
    sonia sonya sophia sophie stacey stan stanley stef stefan stefanie stella steph stephanie stephen
    steve steven stewart stuart sue sufia sukhdev sukhjit sukhvinder sultana sumit sunil sunita suresh
    surinder susan susanna susanne susie suzanne suzie suzy sven swati sybil sylvia tabitha tahir taj
    tajinder talia tamar tamara tammy tamsin tania tanveer tanya tara tariq tasha tasneem tatiana tatum
    tauseef ted tegan tejal terence teresa teri terrence terri terry tess tessa thalia thanh thea thelma
    theo theodora theresa thom thomas tia tiago tiffany tilly tim timothy tina tobias toby tod tom
    tomasz tommy toni tonia tony tracey traci tracie tracy travis trevor tricia trish tristan troy trudy
    tunde tyler tyrone uday umair umar una ursula usha usman val valentina valentine valerie vanessa
    varsha venetia vera verena verity vernon veronica vicki vickie vicky victor victoria vijay vikas
    vikki vikram vimal vinay vincent vinod viola violet viv vivek vivian vivien vivienne wahid wally
    walter wanda waqar warren wasim wayne wendy wes wesley whitney wilbur wilf wilfred will willa
    william wilma winifred winston wojciech wyn xenia yasin yasir yasmeen yasmin yasmina yemi yogesh
    yolanda yousef yuki yusra yusuf yves yvette yvonne zac zach zachary zadie zafar zaheer zahid zahra
    zain zainab zakir zara zayn zbigniew zeb zeenat zeeshan zelda zena zeynep zia zoe zofia zola zubair
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
    midwifery network networks nhs nspcc nurseries nursery nursing office ofsted organisation
    organisations panel parents partners partnership partnerships police practices prison probation
    project providers provision safeguarding school schools sector service services society
    sub-committee sub-group subcommittee subgroup taskforce team teams trust trusts union unit
    universities university visiting welfare works ymca yot youth
    """
)

# Nouns that end the name of a body of its own, and not of a part of one: what stands after a post and a
# comma is the body ("Head of Early Help, Oak Council") or, without these, what the post is for.
BODY_NOUNS = words(
    """
    academies academy agency alliance association authority barnardo's barnardos barnardo’s cafcass ccg ccgs
    charity college colleges commissioner company consortium constabulary council councils court diocese
    england federation forum foundation healthwatch hospital hospitals institute jobcentre nhs nspcc ofsted
    partnership partnerships police prison probation school schools society trust trusts university ymca yot
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
    headteachers inspector lead leader leads manager managers matron midwife nurse officer officers portfolio
    practitioner practitioners principal psychologist sergeant specialist superintendent supervisor
    treasurer worker workers
    """
)

TITLES = words(
    """
    ch cllr councillor dame dci dr insp miss mr mrs ms mx pc prof professor rev revd sgt sir supt
    """
)
