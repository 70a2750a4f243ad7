drop table widget_hour;
alter table period drop column nps;
alter table placement_score drop column compared, drop column nps;
alter table widget_window drop column compared, drop column compared_part, drop column before_part;
alter table placement_window drop column compared, drop column compared_part, drop column before_part;
-- Windows of a day are not of the version before.
delete from placement_window where days = 1;
delete from widget_window where days = 1;
delete from placement_score where days = 1;
alter table project_roll drop column counted_until, drop column time_zone, drop column has_moved, drop column is_late;
alter table tally_change drop column is_late;
