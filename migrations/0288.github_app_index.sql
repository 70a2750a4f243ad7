-- transactional: false
set lock_timeout = 0;
drop index concurrently if exists tracker_installation_idx;
create index concurrently tracker_installation_idx on tracker (installation_id) where installation_id is not null;
alter table tracker validate constraint tracker_access_check;
