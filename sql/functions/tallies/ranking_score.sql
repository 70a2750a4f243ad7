create function fn.ranking_score(
    _type text, _positives bigint, _negatives bigint, _summed double precision, _total bigint, _low double precision,
    _high double precision
) returns double precision
language sql immutable parallel safe
return case
    when _type in ('rating', 'nps') then fn.bayesian_average(_summed, _total, _low, _high)
    when _type not in ('message', 'form') then fn.wilson_lower_bound(greatest(_positives, 0), greatest(_positives, 0) + greatest(_negatives, 0))
end;

comment on function fn.ranking_score is
'The score by which placements of one type are ranked: fn.bayesian_average of ratings, fn.wilson_lower_bound of votes and
reactions; null for types without sentiment. Negative counts, which only damaged data has, are read as 0, so that one placement
does not stop the others.';
