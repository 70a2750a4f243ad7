create view fn.event_type (name) as
values
    ('message.created'),
    ('message.updated'),
    ('message.resolved'),
    ('response.created'),
    ('page.turned'),
    ('refusals.spike'),
    ('recap.closed'),
    ('export.ready'),
    ('reconcile.difference'),
    ('job.overdue');

comment on view fn.event_type is 'The types of events that a destination can take.';
