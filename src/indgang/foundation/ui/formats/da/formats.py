"""Danish."""

DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "j. M Y"
TIME_FORMAT = "G.i"
DATETIME_FORMAT = r"j. F Y \k\l. G.i"
SHORT_DATETIME_FORMAT = r"j. M Y \k\l. G.i"
WEEKDAY_FORMAT = r"l \d\e\n j. F"
WEEKDAY_YEAR_FORMAT = r"l \d\e\n j. F Y"
WEEKDAY_TIME_FORMAT = r"l \d\e\n j. F \k\l. G.i"
WEEKDAY_YEAR_TIME_FORMAT = r"l \d\e\n j. F Y \k\l. G.i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
