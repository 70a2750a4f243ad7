delete from destination where type in ('slack', 'discord', 'teams');
alter table destination drop constraint destination_type_check, drop constraint destination_check;
alter table destination
    add constraint destination_type_check check (type in ('webhook', 'email')),
    add constraint destination_check check (
        case type when 'webhook' then url is not null and secret is not null else recipient_id is not null end
    ),
    drop column sentiments,
    drop column quiet_from,
    drop column quiet_until,
    drop column paused_at;
