create view fn.window (days) as
values (7::smallint), (30::smallint), (90::smallint), (365::smallint);

comment on view fn.window is 'The rolling windows, in days; the last 24 hours are mv.last_day.';
