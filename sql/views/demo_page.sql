create view fn.demo_page (key, title, mood, lower, upper) as
select
    p.key, p.title, p.mood,
    (sum(p.share) over (order by p.n) - p.share)::double precision / 100,
    sum(p.share) over (order by p.n)::double precision / 100
from (values
    (1, '/demo', 'Every widget, live', 0.85, 8),
    (2, 'https://acorn.example/docs/install', 'Install Acorn', 0.75, 18),
    (3, 'https://acorn.example/docs/quick-start', 'Quick start', 0.9, 16),
    (4, 'https://acorn.example/docs/configuration', 'Configuration', 0.3, 11),
    (5, 'https://acorn.example/docs/upgrade-to-4', 'Upgrade to version 4', -0.35, 8),
    (6, 'https://acorn.example/docs/api/webhooks', 'Webhooks', 0.1, 7),
    (7, 'https://acorn.example/blog/why-we-moved-to-postgres', 'Why we moved to Postgres', 0.95, 13),
    (8, 'https://acorn.example/blog/spring-release', 'The spring release', 0.7, 7),
    (9, 'https://acorn.example/pricing', 'Pricing', -0.1, 5),
    (10, 'https://acorn.example/help/export-your-data', 'Export your data', 0.6, 4),
    (11, 'https://acorn.example/help/cancel-a-plan', 'Cancel a plan', -0.6, 3)
) as p (n, key, title, mood, share);

comment on view fn.demo_page is
'The pages of the demo''s website: how well they are liked (-1 to 1), and the part of 0 to 1 that their share of visits takes.';
