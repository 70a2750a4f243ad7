create view fn.scored_option (
    account_id, project_id, widget_id, type, no, position, value, retired_at, weight, number, nps
) with (security_invoker = true) as
select o.account_id, s.project_id, o.widget_id, s.type, o.no, o.position, o.value, o.retired_at,
    case when fn.judges(s.type) then o.weight end,
    case when s.type in ('rating', 'nps') then o.value::double precision end,
    case when s.type = 'nps' then case when o.value::bigint >= 9 then 1 when o.value::bigint <= 6 then -1 else 0 end end
from public.option as o
join public.widget as s on s.account_id = o.account_id and s.id = o.widget_id;

comment on view fn.scored_option is
'The one definition of what a response says, by its option. weight, from -1 to 1: of types that judge; null for likes, messages
and forms. number: of ratings and 0 to 10. nps: 1 for 9 and 10 (promoters), -1 for 0 to 6 (detractors), of 0 to 10 only.
Shares and sentiment are of the responses that have a weight.';
