"""Danish. A day and its month, and "kl." and its time, stay on one line."""

DATE_FORMAT = "j.\u00a0F Y"
SHORT_DATE_FORMAT = "j.n.Y"
TIME_FORMAT = "G.i"
DATETIME_FORMAT = "j.\u00a0F Y \\k\\l.\u00a0G.i"
SHORT_DATETIME_FORMAT = "j.n.Y \\k\\l.\u00a0G.i"
WEEKDAY_FORMAT = "l \\d\\e\\n j.\u00a0F"
WEEKDAY_YEAR_FORMAT = "l \\d\\e\\n j.\u00a0F Y"
WEEKDAY_TIME_FORMAT = "l \\d\\e\\n j.\u00a0F \\k\\l.\u00a0G.i"
WEEKDAY_YEAR_TIME_FORMAT = "l \\d\\e\\n j.\u00a0F Y \\k\\l.\u00a0G.i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
