-- Seen counts: page views in which a widget was seen. Counts alone, of nobody.
create table seen_day (
    account_id uuid not null,
    scope_id uuid not null,
    day date not null,
    count bigint not null check (count > 0),
    primary key (account_id, scope_id, day)
) with (fillfactor = 70);
comment on table seen_day is 'Page views in which a widget was seen, of a day in the project''s zone.';
comment on column seen_day.scope_id is
'The placement at whose address it was seen, also while its page is merged into another; or the widget, for all of its pages
that have no placement because nobody has responded there.';
