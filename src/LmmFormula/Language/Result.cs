using System;
using System.Collections.Generic;
using System.Linq;

namespace LmmFormula.Language;

/// <summary>What a stage returns: a value with the warnings met on the way, or the errors that kept it from one.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public abstract record Result<T>
{
    private Result() { }

    /// <summary>The stage succeeded.</summary>
    /// <param name="Value">What it made.</param>
    /// <param name="Warnings">What the user should know all the same.</param>
    public sealed record Ok(T Value, EquatableArray<ModelError> Warnings) : Result<T>;

    /// <summary>The stage failed.</summary>
    /// <param name="Errors">All errors that it found; at least one.</param>
    public sealed record Bad(EquatableArray<ModelError> Errors) : Result<T>;

    /// <summary>The value, or a <see cref="ModelException"/> that carries the errors.</summary>
    public T OrThrow() => this switch
    {
        Ok ok => ok.Value,
        Bad bad => throw new ModelException(bad.Errors),
    };
}

/// <summary>Functions over <see cref="Result{T}"/>.</summary>
public static class Result
{
    /// <summary>A success without warnings.</summary>
    public static Result<T> Ok<T>(T value) => new Result<T>.Ok(value, []);

    /// <summary>A success with warnings.</summary>
    public static Result<T> Ok<T>(T value, IEnumerable<ModelError> warnings) => new Result<T>.Ok(value, warnings.ToEquatableArray());

    /// <summary>A failure with one error.</summary>
    public static Result<T> Bad<T>(ModelError error) => new Result<T>.Bad([error]);

    /// <summary>A failure with several errors.</summary>
    public static Result<T> Bad<T>(IEnumerable<ModelError> errors) => new Result<T>.Bad(errors.ToEquatableArray());

    /// <summary>The value of a function, or the errors that it throws.</summary>
    public static Result<T> Try<T>(Func<T> f)
    {
        try
        {
            return Ok(f());
        }
        catch (ModelException e)
        {
            return new Result<T>.Bad(e.Errors);
        }
    }

    /// <summary>Applies a function to the value of a success.</summary>
    public static Result<TOut> Map<TIn, TOut>(this Result<TIn> result, Func<TIn, TOut> f) => result switch
    {
        Result<TIn>.Ok ok => new Result<TOut>.Ok(f(ok.Value), ok.Warnings),
        Result<TIn>.Bad bad => new Result<TOut>.Bad(bad.Errors),
    };

    /// <summary>Runs the next stage on the value of a success; warnings of both stages are kept.</summary>
    public static Result<TOut> Then<TIn, TOut>(this Result<TIn> result, Func<TIn, Result<TOut>> next) => result switch
    {
        Result<TIn>.Ok ok => next(ok.Value) switch
        {
            Result<TOut>.Ok after => ok.Warnings.Count == 0 ? after : new Result<TOut>.Ok(after.Value, ok.Warnings.Concat(after.Warnings).ToEquatableArray()),
            Result<TOut>.Bad bad => bad,
        },
        Result<TIn>.Bad bad => new Result<TOut>.Bad(bad.Errors),
    };
}
