delete from destination where type = 'apprise';
alter table destination drop constraint destination_type_check, drop constraint destination_check,
    drop constraint destination_secret_check;
alter table destination
    add constraint destination_type_check check (type in ('webhook', 'email', 'slack', 'discord', 'teams')),
    add constraint destination_secret_check check (octet_length(secret) between 1 and 128),
    add constraint destination_check check (
        case type when 'email' then recipient_id is not null when 'webhook' then url is not null and secret is not null
            else url is not null
        end
    );
