-- The URL of Apprise is a secret: it is stored encrypted, in place of the secret that signs webhooks.
alter table destination drop constraint destination_type_check, drop constraint destination_check,
    drop constraint destination_secret_check;
alter table destination
    add constraint destination_type_check check (type in ('webhook', 'email', 'slack', 'discord', 'teams', 'apprise')) not valid,
    add constraint destination_secret_check check (octet_length(secret) between 1 and 1100) not valid,
    add constraint destination_check check (
        case type when 'email' then recipient_id is not null when 'webhook' then url is not null and secret is not null
            when 'apprise' then secret is not null else url is not null
        end
    ) not valid;
comment on column destination.secret is
'What signs the requests of a webhook, or the URL of Apprise, encrypted; the previous one signs as well, until previous_until.';
