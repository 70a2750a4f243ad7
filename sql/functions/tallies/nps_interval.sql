create function fn.nps_interval(_promoters bigint, _detractors bigint, _total bigint) returns double precision[]
language sql immutable parallel safe
return fn.mean_interval(100 * (_promoters - _detractors), 10000 * (_promoters + _detractors), nullif(_total, 0), -100, 100);

comment on function fn.nps_interval is
'The 95 % interval of fn.nps (fn.mean_interval): 5 promoters and 2 detractors of 10 give -24 to 66.';
