alter table destination
    add column sentiments text[] not null default '{}' check (sentiments <@ '{happy,neutral,unhappy}'),
    add column quiet_from smallint check (quiet_from between 0 and 23),
    add column quiet_until smallint check (quiet_until between 0 and 23),
    add column paused_at timestamptz;
comment on column destination.sentiments is 'Of responses, only those whose option has a weight above, at or below 0; none for all.';
comment on column destination.quiet_from is 'From this hour to quiet_until, in the zone of the project, only tests are sent.';
comment on column destination.paused_at is 'When it had failed for a day: the owner got an email, and one delivery is tried every few hours.';

-- Chat services have a URL without a secret.
alter table destination drop constraint destination_type_check, drop constraint destination_check;
alter table destination
    add constraint destination_type_check check (type in ('webhook', 'email', 'slack', 'discord', 'teams')) not valid,
    add constraint destination_check check (
        case type when 'email' then recipient_id is not null when 'webhook' then url is not null and secret is not null
            else url is not null
        end
    ) not valid;
