namespace Snn.Actors.Networks.Reading;

/// <summary>Fills in the initial values that a user leaves out.</summary>
internal static class InitialValues
{
    /// <summary>
    /// Adds to the draft what its model starts from, as far as all neurons start from the same: a value that follows from a parameter which differs
    /// between neurons is left to each of them.
    /// </summary>
    public static void AddDefaults(PopulationDraft draft)
    {
        // What follows from a parameter that differs is not a number here.
        var parameters = ParameterCheck.Flat(draft.Model!, draft.Parameters, d => d is Distribution.Constant c ? c.Value : double.NaN);
        var state = new double[draft.Model!.StateColumns];
        draft.Model.Initialize(parameters, state);
        foreach (var (name, _, column, canBeSet) in ParameterReader.StateColumns(draft.Model))
        {
            if (canBeSet && double.IsFinite(state[column]))
            {
                draft.Initial.TryAdd(name, new Distribution.Constant(state[column]));
            }
        }
    }
}
