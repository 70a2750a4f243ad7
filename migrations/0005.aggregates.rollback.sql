alter table project drop column retained_from, drop column retention_days;
drop table reconcile_slice, reconciliation, period_change, period_close, period, project_roll, set_window,
content_score, content_window, project_day, set_day, roll_up, tally_change;
drop index feelback_created_at_idx, tally_day_day_idx;
alter table tally_day drop column rolled;
