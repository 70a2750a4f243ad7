-- Closed periods of types that do not judge have no shares and no sentiment, and those of 0 to 10 have their NPS.
update period as p
set positive = null, neutral = null, negative = null, sentiment = null, score = null
from widget as w
where p.scope = 'widget' and w.account_id = p.account_id and w.id = p.scope_id and w.type in ('pulse', 'message', 'form')
    and (p.positive, p.sentiment, p.score) is distinct from (null, null, null);
update period as p
set positive = null, neutral = null, negative = null, sentiment = null, score = null
from placement as c
join widget as w on w.account_id = c.account_id and w.id = c.widget_id
where p.scope = 'placement' and c.account_id = p.account_id and c.id = p.scope_id and w.type in ('pulse', 'message', 'form')
    and (p.positive, p.sentiment, p.score) is distinct from (null, null, null);

update period as p
set nps = n.nps
from (
    select p.account_id, p.scope_id, p.unit, p.starts_on, p.scope,
        100.0 * sum(u.n * case when o.value::integer >= 9 then 1 when o.value::integer <= 6 then -1 else 0 end) / p.total as nps
    from period as p
    left join placement as c on c.account_id = p.account_id and c.id = p.scope_id
    join widget as w on w.account_id = p.account_id and w.id = coalesce(c.widget_id, p.scope_id) and w.type = 'nps'
    cross join lateral unnest(p.option_nos, p.counts) as u (option_no, n)
    join option as o on o.account_id = w.account_id and o.widget_id = w.id and o.no = u.option_no
    where p.scope <> 'project' and p.total > 0
    group by p.account_id, p.scope_id, p.unit, p.starts_on, p.scope, p.total
) as n
where p.account_id = n.account_id and p.scope_id = n.scope_id and p.unit = n.unit and p.starts_on = n.starts_on
    and p.scope = n.scope;
