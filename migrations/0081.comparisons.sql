-- A window is compared over the same elapsed time: both sides are cut at a full hour, counted from the responses of the day
-- in which they are cut.
alter table project_roll
    add column counted_until timestamptz,
    add column time_zone text,
    add column has_moved boolean not null default false,
    add column is_late boolean not null default false;
comment on table project_roll is 'Up to which day and hour the windows of a project are counted, and in which zone.';
comment on column project_roll.through is 'The last day of the project''s windows: today in its zone.';
comment on column project_roll.counted_until is
'The full hour at which windows are cut to be compared; null: they must be rebuilt.';
comment on column project_roll.time_zone is 'The zone in which they were counted last.';
comment on column project_roll.has_moved is
'Whether the project has changed its zone, so that responses can have another day than their time says.';
comment on column project_roll.is_late is
'Whether responses from before that hour have changed since: their comparisons follow at the next one.';
alter table tally_change add column is_late boolean not null default true;
comment on column tally_change.is_late is 'Whether responses from before the last full hour changed, not only new ones.';
update project_roll as r
set has_moved = true
where exists (
    select from audit as a
    where a.account_id = r.account_id and a.what = 'project.changed' and a.details ? 'time_zone'
);

alter table placement_window
    add column compared bigint not null default 0,
    add column compared_part bigint not null default 0,
    add column before_part bigint not null default 0;
comment on table placement_window is
'Responses of a placement by option, of the last days (up to project_roll.through) or, where days is 1, of the last 24 full
hours.';
comment on column placement_window.compared is 'Those until project_roll.counted_until, which before is compared with.';
comment on column placement_window.before is 'Those of the comparison: as many days and hours, before.';
comment on column placement_window.compared_part is 'How many of compared are of the day in which it is cut.';
comment on column placement_window.before_part is 'How many of before are of the day in which it is cut.';
alter table widget_window
    add column compared bigint not null default 0,
    add column compared_part bigint not null default 0,
    add column before_part bigint not null default 0;
comment on table widget_window is 'As placement_window, of a widget.';
alter table placement_score
    add column compared bigint not null default 0,
    add column nps double precision;
comment on column placement_score.nps is 'Share of 9 and 10 less share of 0 to 6, from -100 to 100; null for other types.';
alter table period add column nps double precision;
comment on column period.nps is 'As placement_score.nps.';

create table widget_hour (
    account_id uuid not null,
    project_id uuid not null,
    hour timestamptz not null,
    widget_id uuid not null,
    option_no smallint not null,
    count bigint not null,
    primary key (account_id, project_id, hour, widget_id, option_no)
) with (fillfactor = 80);
comment on table widget_hour is
'Responses of a widget by option, of each of the 48 full hours up to project_roll.counted_until.';

-- A 0 to 10 scale of one's own had no weights.
update option as o
set weight = case when o.value::integer >= 9 then 1 when o.value::integer <= 6 then -1 else 0 end
from widget as w
where w.account_id = o.account_id and w.id = o.widget_id and w.type = 'nps'
    and o.value ~ '^([0-9]|10)$'
    and not exists (
        select from option as p where p.account_id = o.account_id and p.widget_id = o.widget_id and p.weight <> 0
    );
