-- Repositories that are connected by the GitHub App have no token of their own.
alter table tracker
    add column installation_id bigint,
    alter column token drop not null,
    add constraint tracker_access_check check (token is not null or installation_id is not null) not valid;
comment on column tracker.installation_id is 'The installation of the GitHub App by which it signs in; null where that is by its token.';
comment on column tracker.revoked_at is
'When the forge no longer took the token, or the GitHub App was uninstalled: nothing is sent until it is connected again.';
