with total as (
    select s.account_id, c.widget_id, s.day, sum(s.count) as count
    from seen_day as s
    join placement as c on c.account_id = s.account_id and c.id = s.scope_id
    group by s.account_id, c.widget_id, s.day
), empty as (
    delete from seen_day as t
    using total as s
    where t.account_id = s.account_id and t.scope_id = s.widget_id and t.day = s.day and t.count <= s.count
)
update seen_day as t
set count = t.count - s.count
from total as s
where t.account_id = s.account_id and t.scope_id = s.widget_id and t.day = s.day and t.count > s.count;
comment on column seen_day.scope_id is
'The placement at whose address it was seen, also while its page is merged into another; or the widget, for all of its pages
that have no placement because nobody has responded there.';
