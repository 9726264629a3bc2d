"""A right answer to the first exercise, the second left as it was."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)

    DW4 = A3.T @ DY
    DB4 = numpy.sum(DY, 0)

    DA3 = DY @ W[3].T
    DZ3 = DA3*(Z3 > 0)
    DW3 = A2.T @ DZ3
    DB3 = numpy.sum(DZ3, 0)

    DA2 = DZ3 @ W[2].T
    DZ2 = DA2*(Z2 > 0)
    DW2 = A1.T @ DZ2
    DB2 = numpy.sum(DZ2, 0)

    DA1 = DZ2 @ W[1].T
    DZ1 = DA1*(Z1 > 0)
    DW1 = X.T @ DZ1
    DB1 = numpy.sum(DZ1, 0)

    return [DW1,DW2,DW3,DW4],[DB1,DB2,DB3,DB4]
