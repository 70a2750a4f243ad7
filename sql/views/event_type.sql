create view fn.event_type (name, summary) as
values
    ('message.created', 'A visitor wrote a message.'),
    ('message.updated', 'A visitor changed or added to a message.'),
    ('message.resolved', 'A member resolved a message.'),
    ('response.created', 'Votes and ratings of a minute, by page and widget.'),
    ('page.turned', 'The share of unhappy responses of a page has changed.'),
    ('refusals.spike', 'Far more responses than usual were refused in an hour.'),
    ('recap.closed', 'A week, month or year is over and its figures are final.'),
    ('export.ready', 'An export can be downloaded.'),
    ('reconcile.difference', 'Counts differed from the responses and were corrected.'),
    ('job.overdue', 'A scheduled job is overdue. Only for operators.');

comment on view fn.event_type is 'The types of events that a destination can take.';
