create function fn.chance_better(_positive bigint, _total bigint, _positive_before bigint, _total_before bigint)
returns double precision
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    _alpha double precision := _positive + 1;
    _beta double precision := _total - _positive + 1;
    _alpha_before double precision := _positive_before + 1;
    _beta_before double precision := _total_before - _positive_before + 1;
    _terms double precision := least(_alpha, _beta, _alpha_before, _beta_before);
    _a double precision;
    _b double precision;
    _d double precision;
    _log double precision;
    _sum double precision := 0;
begin
    if coalesce(least(_total, _total_before), 0) <= 0 then
        return null;
    end if;
    if _terms > 1000 then
        return fn.normal_cdf(
            (_alpha / (_alpha + _beta) - _alpha_before / (_alpha_before + _beta_before)) / sqrt(
                _alpha * _beta / ((_alpha + _beta) ^ 2 * (_alpha + _beta + 1))
                + _alpha_before * _beta_before
                / ((_alpha_before + _beta_before) ^ 2 * (_alpha_before + _beta_before + 1))
            )
        );
    end if;
    -- The sum has as many terms as the parameter of which it is: the smallest. Shares of the others, and the other side's
    -- chance, are the same question.
    if _terms in (_alpha, _beta_before) then
        _a := case when _terms = _alpha then _alpha_before else _beta end;
        _b := case when _terms = _alpha then _beta_before else _alpha end;
        _d := case when _terms = _alpha then _beta else _alpha_before end;
    else
        _a := case when _terms = _alpha_before then _alpha else _beta_before end;
        _b := case when _terms = _alpha_before then _beta else _alpha_before end;
        _d := case when _terms = _alpha_before then _beta_before else _alpha end;
    end if;
    -- By logarithms: the first terms may be too small for a double, and their sum still is not.
    _log := fn.ln_gamma(_b + _d) + fn.ln_gamma(_a + _b) - fn.ln_gamma(_a + _b + _d) - fn.ln_gamma(_b);
    for _i in 0.._terms::integer - 1 loop
        if _log > -700 then
            _sum := _sum + exp(_log);
        end if;
        _log := _log + ln((_a + _i) * (_d + _i) / ((_a + _b + _d + _i) * (1 + _i)));
    end loop;
    _sum := least(_sum, 1);
    return case when _terms in (_alpha, _beta_before) then _sum else 1 - _sum end;
end;
$$;

comment on function fn.chance_better is
'The probability, 0 to 1, that the share of positive responses is higher than it was before: of two independent Beta posteriors
with uniform priors. The closed form of E. Miller, Formulas for Bayesian A/B Testing (2014), where the smallest parameter is at
most 1,000; otherwise by normal distributions of the same means and variances. Null where one side has no responses.';
