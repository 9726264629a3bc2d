"""Hidden data and parameters, drawn until every mistake shows on them.

`samplers` draw the inputs of many candidates at once, each by what the forward pass does with it; `evidence`
says on which of them the gradients show mistakes; `draw` puts both together.
"""
