drop table content, option, content_set, api_key, project, session, member, person, account;
