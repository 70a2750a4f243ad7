create function fn.comparison_days(_days integer, _compare text default 'previous') returns integer
language sql immutable parallel safe
return greatest(
    case when _days >= 30 then (_days + 6) / 7 * 7 else _days end,
    case when _compare = 'year' then 364 end
);

comment on function fn.comparison_days is
'How many days before a window of _days its comparison is. previous: as many, and from 30 days on whole weeks, so that both have
the same weekdays: 35 for 30, 91 for 90, 371 for 365. year: 52 weeks, and more only for a window that is longer.';
