"""What made-up colleagues write: of contacts in a course, and after a screening visit."""

from __future__ import annotations

from indgang.operations.guidance.models import How

CONTACTS = (
    (How.VISIT, "Gennemgik regnskabet og de næste tre måneder. Der er luft i økonomien, men ikke til både hal og folk."),
    (How.VISIT, "Rundtur på lageret. Ordrerne ligger på papir; de vil se to systemer, før de beslutter sig."),
    (How.VISIT, "Mødte hele ledelsen. Enige om tre mål for næste år; jeg skriver dem sammen og sender dem."),
    (How.MEETING, "Regnede på tre udgaver af budgettet. Banken vil se den midterste."),
    (How.MEETING, "Ejerleder og bogholder var med. De har brug for en bestyrelse, der tør sige fra."),
    (How.ONLINE, "Kort status: tilbuddet er sendt, svar ventes i næste uge."),
    (How.ONLINE, "Så på de nye tal sammen. Dækningsgraden er steget, siden de holdt op med de små serier."),
    (How.PHONE, "Aftalte at flytte mødet; der er travlt frem til ferien."),
    (How.PHONE, "Spurgte til en rådgiver om patent. Sendte tre navne, som de selv vælger imellem."),
    (How.MAIL, "Sendte referat og skabelon til likviditetsbudget."),
    (How.MAIL, "Fik tegningerne og videresendte spørgsmålet om støj til kommunen."),
)
QUIET_CONTACTS = (
    (How.PHONE, "Ringede selv. Vi aftalte at mødes hos dem i morgen."),
    (How.VISIT, "Gennemgik kreditorer og moms. Lagde en plan for de næste tolv uger."),
    (How.MEETING, "Frivillig rådgiver var med. Banken er indkaldt til fredag."),
)
WISHES = (
    "Vi vil gerne vide, hvor vi kan spare på strømmen, og om vores spåner kan bruges af andre.",
    "En kunde spørger efter klimaregnskab. Vi ved ikke, hvor vi skal begynde.",
    "Vi bygger om til foråret og vil gerne tænke genbrug med fra starten.",
    "Mest om emballage og affald.",
)
NOTES = (
    "Kompressoren kører om natten, også når ingen arbejder.",
    "Sorterer i seks dele; restaffaldet er mest folie.",
    "Har aftale med nabovirksomheden om paller.",
    "Større kunder er begyndt at spørge, men ingen har stillet krav endnu.",
    "Skriver »bæredygtig« på hjemmesiden uden at sige hvorfor.",
    "Mangler én, der har ansvaret.",
)
SUMMARIES = (
    "Tak for rundvisningen. I har styr på energien, og de nye porte kan allerede ses på regningen. Det næste, vi foreslår, er at veje "
    "affaldet i en måned: det meste af restaffaldet er folie, som kan afhentes for sig. Vi har aftalt, at I får besøg af Erhvervshuset om "
    "klimaregnskabet.",
    "I er nået langt med genbrug af materialer, og jeres leverandører er med. Der er mest at hente på dokumentationen: kunderne spørger, "
    "og svarene ligger i hovedet på to personer. Begynd med Klimakompasset; vi hjælper med de første tal.",
    "Et godt sted at begynde: lys og trykluft. Begge dele kan betale sig på under to år. Tal med jeres elektriker om måling natten over. "
    "Skriv ikke mere om det grønne på hjemmesiden, før tallene er på plads.",
)
# Topic, what it is about, the field it belongs to.
LEADS = (
    ("co2", "Klimaregnskab: de første tal, så kunden kan få svar inden foråret.", "green-circular"),
    ("resources", "Energigennemgang af trykluft og ventilation, med tilskud.", "green-circular"),
    ("eco-design", "Et produkt, der kan skilles ad: hjælp til udvikling og prototype.", "innovation"),
    ("value-chain", "Krav i udbud og hos store kunder: hvad skal kunne dokumenteres?", "green-circular"),
    ("certification", "Hvilken certificering giver mening, og hvad koster den?", "green-circular"),
)
ADVISERS = ("Ellesø Energirådgivning", "Ingeniør Lis Tang, miljø og certificering")
AGREED = ("Direktøren, ved besøget", "Ejeren, ved rundvisningen", "Produktionschefen, på mail dagen efter")
