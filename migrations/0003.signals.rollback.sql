drop table rejection, visitor_salt, address_visit, visit, tally_day, tally, feelback;
