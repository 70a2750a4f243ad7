create view fn.aggregate (no, table_name, columns, is_live) as
values
    -- Each is recounted from those before it, which have been compared by then.
    (1, 'tally_day', null::text[], true),
    (2, 'tally', null, true),
    (3, 'widget', '{placements}', true),
    (4, 'widget_day', null, false),
    (5, 'project_day', null, false),
    (6, 'project_roll', '{through,counted_until,time_zone}', false),
    (7, 'widget_hour', null, false),
    (8, 'placement_window', null, false),
    (9, 'widget_window', null, false),
    (10, 'placement_score', null, false),
    (11, 'page_score', null, false),
    (12, 'period_close', null, false),
    (13, 'period', null, false),
    (14, 'reason_tally_day', null, true),
    (15, 'reason_tally', null, true);

comment on view fn.aggregate is
'Every table that holds counts or what is computed from them, in the order in which fn.reconcile compares them with
fn.recount_<table>; columns is null where all but the key are compared. Ingestion writes to a live one at any time: its counters
are corrected by the difference. seen_day is none of them: a page view leaves no row from which it could be counted again.';
