"""What made-up companies are called, where they are and what they do. Places in the names are invented; nobody in particular is meant."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Municipality: (weight in the region, (postcode and city, ...)).
PLACES = {
    "773": (4, ("7900 Nykøbing Mors",)),
    "787": (8, ("7700 Thisted", "7730 Hanstholm", "7752 Snedsted")),
    "810": (6, ("9700 Brønderslev", "9330 Dronninglund")),
    "813": (10, ("9900 Frederikshavn", "9990 Skagen", "9300 Sæby")),
    "820": (6, ("9600 Aars", "9670 Løgstør")),
    "825": (1, ("9940 Læsø",)),
    "840": (5, ("9530 Støvring", "9520 Skørping")),
    "846": (7, ("9500 Hobro", "9560 Hadsund")),
    "849": (6, ("9440 Aabybro", "9460 Brovst", "9690 Fjerritslev")),
    "851": (35, ("9000 Aalborg", "9400 Nørresundby", "9220 Aalborg Øst", "9200 Aalborg SV", "9240 Nibe")),
    "860": (12, ("9800 Hjørring", "9850 Hirtshals", "9870 Sindal")),
}
STREETS = _words("Havnegade Industrivej Vestergade Østergade Fabriksvej Søndergade Teglværksvej Kystvejen Mølleparken Nordhavnsvej")
FIRST = _words(
    "Vindeholt Tågeby Klitmose Havreager Ravnsøhus Brinkmose Strandvejle Fyrlund Lyngvad Rimtofte Tornvig Bølgeland Kragholt "
    "Engdalen Sælvang Nordvråby Hjelmdal Månebæk Stenløkke Rørmose Kobberlund Askemark Hvidbakke Lærkedal Sandagerby Gryholt "
    "Tjørnelund Mosevrå"
)
# Code in DB07, weight, the words of the trade, and how large such companies are as a rule.
TRADES = (
    ("620100", 10, ("Software", "Data", "IT-Løsninger"), 12),
    ("256200", 12, ("Maskinværksted", "Metal", "Spåntagning"), 25),
    ("412000", 12, ("Byg", "Entreprise", "Tømrer & Snedker"), 15),
    ("432100", 8, ("El", "Elteknik"), 12),
    ("432200", 7, ("VVS", "Varme & Energi"), 10),
    ("107120", 4, ("Bageri", "Brødhus"), 8),
    ("561010", 8, ("Spisehus", "Restaurant"), 9),
    ("494100", 7, ("Transport", "Logistik"), 22),
    ("702200", 8, ("Rådgivning", "Consult"), 3),
    ("310900", 5, ("Møbler", "Træindustri"), 35),
    ("731110", 5, ("Reklame", "Kommunikation"), 4),
    ("960210", 5, ("Frisør", "Salon"), 2),
    ("031100", 3, ("Fiskeri", "Havfisk"), 6),
    ("711210", 5, ("Ingeniører", "Teknik & Projekt"), 18),
    ("331200", 4, ("Maskinservice", "Reparation"), 14),
)
FORMS = (("ApS", 60), ("A/S", 25), ("I/S", 6), ("", 9))
ROLES = ("Direktør", "Ejer", "Økonomichef", "Produktionschef", "HR-ansvarlig", "Salgschef", "Bogholder")
GIVEN = _words("Mette Lars Freja Mikkel Ida Emil Karen Jonas Sofie Anders Line Kasper Signe Rasmus Maja Frederik Anne Peter Cecilie Thomas")
FAMILY = _words("Holm Lund Bach Dahl Kjær Bang Winther Krogh Juhl Toft Brandt Skov Bjerre Vang Friis Munk Riis Storm Lykke Agger")
NOTES = (
    "Overvejer en ny produktionshal næste år. Vil gerne høre om finansiering, når budgettet ligger klar.",
    "Mangler faglærte. Har talt med jobcentret, men vil også gerne prøve at rekruttere i udlandet.",
    "Har lige skiftet direktør. Vent med at ringe til efter sommerferien.",
    "Eksporterer til Norge og Sverige; ser på Tyskland. Sprog er den største forhindring.",
    "Generationsskifte om to til tre år. Ejeren vil gerne have en sparringspartner udefra.",
    "Positiv over for et screeningsbesøg om grøn omstilling. Energiforbruget fylder meget.",
    "Var på messen i marts og fik mange henvendelser. Vil gerne have styr på salgsprocessen.",
    "Ringede selv: vil gerne vide, hvad det kræver at ansætte en ingeniør fra Indien.",
    "Ny hjemmeside er på vej. Spurgte til tilskud til digitalisering.",
    "Aftalt, at vi ringer igen i oktober, når regnskabet er færdigt.",
)
HOW = ("I telefonen", "Ved besøg i virksomheden", "På mail", "Ved et arrangement i huset")
