delete from tracker where token is null;
alter table tracker drop constraint tracker_access_check, drop column installation_id, alter column token set not null;
