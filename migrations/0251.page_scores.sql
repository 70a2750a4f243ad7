-- Pages are ranked by what their placements have together. Where the version before refreshes scores meanwhile, those of pages are
-- brought up to date when they change next, at the latest by the nightly comparison; what lists show is counted from placements.
create table page_score (
    account_id uuid not null,
    project_id uuid not null,
    days smallint not null,
    page_id uuid not null,
    total bigint not null,
    compared bigint not null,
    before bigint not null,
    judged bigint not null,
    unhappy bigint not null,
    weighted double precision,
    primary key (account_id, project_id, page_id, days)
) with (fillfactor = 80);
comment on table page_score is 'Sums of placement_score over the widgets of a page, by which lists of pages are sorted.';
comment on column page_score.judged is 'Responses of types that judge; unhappy are those of a weight below 0.';
comment on column page_score.weighted is 'Sum of their weights; null where none judges.';
create index page_score_most_idx on page_score (account_id, project_id, days, total desc);

insert into page_score (account_id, project_id, days, page_id, total, compared, before, judged, unhappy, weighted)
select k.account_id, k.project_id, k.days, c.page_id, sum(k.total), sum(k.compared), sum(k.before),
    coalesce(sum(k.total) filter (where k.positive is not null), 0), coalesce(sum(round(k.negative * k.total)), 0),
    sum(k.sentiment * k.total)
from placement_score as k
join placement as c on c.account_id = k.account_id and c.id = k.placement_id
group by k.account_id, k.project_id, k.days, c.page_id
order by 1, 2, 4, 3;
