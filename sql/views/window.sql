create view fn.window (days, shift) as
select d.days, fn.comparison_days(d.days)::smallint
from (values (7::smallint), (30::smallint), (90::smallint), (365::smallint)) as d (days);

comment on view fn.window is
'The windows of days, and how many days before each its comparison is. The last 24 hours are a window too, of 1 day, but of full
hours: fn.cut_windows.';
