create view fn.work_kind (name, channel, due_at)
with (security_invoker = true) as
-- By a function: Citus would have a view that names tenant tables on every node, with all that it names.
select k.name, k.channel, fn.next_work_at(k.name)
from (values
    ('mail', 'mail'), ('recap', 'mail'), ('export', 'export'), ('billing', 'billing'), ('merge', 'merge'), ('event', 'event'),
    ('delivery', 'delivery'), ('issue', 'issue'), ('drill', 'backup')
) as k (name, channel);

comment on view fn.work_kind is
'Every kind of background work: the channel that is notified when there is some, and when the earliest of it is due, null
where none waits. It is what the worker machine is started for; app/worker/kinds.py has the same kinds and who does them.';
