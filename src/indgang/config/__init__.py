"""The roof: settings, urls, navigation, command line and the one API object. Puts the house together; nobody imports it."""
