-- Views of a widget are those of all of its pages, so that its screen reads a row a day rather than one a page and day.
insert into seen_day as t (account_id, scope_id, day, count)
select s.account_id, c.widget_id, s.day, sum(s.count)
from seen_day as s
join placement as c on c.account_id = s.account_id and c.id = s.scope_id
group by s.account_id, c.widget_id, s.day
on conflict (account_id, scope_id, day) do update set count = t.count + excluded.count;
comment on column seen_day.scope_id is
'The widget, for all of its pages; or the placement at whose address it was seen, also while its page is merged into another.';
