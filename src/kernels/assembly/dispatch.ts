// Which kernel an instruction calls. A table of functions, not a switch: the compiler would inline every kernel into the switch,
// and one function of that size is compiled late and badly. The names in front are checked against opcodes.ts by a test.

import { addKernel, divKernel, equalKernel, greaterEqualKernel, greaterKernel, lessEqualKernel, lessKernel, maxKernel, minKernel, mulKernel, subKernel } from "./binary";
import { convert, fromBytes, fromInt } from "./convert";
import { col2Im, im2Col } from "./convolution";
import { gemm, gemmBytes } from "./gemm";
import { absGrad, clipGrad, eluGrad, geluGrad, leakyReluGrad, reluGrad, sigmoidGrad, siluGrad, softplusGrad, tanhGrad } from "./gradients";
import { gatherBytes, gatherRows, maskFill, pickRows, pickRowsGrad, scatterAddRows } from "./indexing";
import { layerNorm, layerNormGrad } from "./layers";
import { clipCoefficient, sumSquares, tick } from "./norms";
import { pool } from "./pooling";
import { adam, rmsProp, sgd } from "./optimisers";
import { randomCategorical, randomOutcomes, randomIntegers, randomNormal, randomPermutation, randomUniform } from "./random";
import { gruCell, gruCellGrad, lstmCell, lstmCellGrad } from "./recurrent";
import { argMaxRows, dotRows, logSoftmaxRows, logSoftmaxRowsGrad, logSumExpRows, maxRows, softmaxRows, softmaxRowsGrad } from "./rows";
import { addTo, copy, fill, moveTowards } from "./strided";
import { absKernel, affineKernel, atanhKernel, clipKernel, cosKernel, eluKernel, expKernel, expm1Kernel, floorKernel, geluKernel, leakyReluKernel, log1pKernel, logKernel, negKernel, powKernel, reciprocalKernel, reluKernel, sigmoidKernel, signKernel, siluKernel, sinKernel, softplusKernel, sqrtKernel, squareKernel, tanhKernel } from "./unary";

type Kernel = (p: usize) => void;

// Two entries per operation, in the order of Op: float32, float64.
const kernels: StaticArray<Kernel> = [
  /* Fill */ p => fill<f32>(p), p => fill<f64>(p),
  /* Copy */ p => copy<f32>(p), p => copy<f64>(p),
  /* AddTo */ p => addTo<f32>(p), p => addTo<f64>(p),
  /* MoveTowards */ p => moveTowards<f32>(p), p => moveTowards<f64>(p),
  /* FromInt */ p => fromInt<f32>(p), p => fromInt<f64>(p),
  /* FromBytes */ p => fromBytes<f32>(p), p => fromBytes<f64>(p),
  /* Convert */ p => convert<f32>(p), p => convert<f64>(p),
  /* Neg */ p => negKernel<f32>(p), p => negKernel<f64>(p),
  /* Abs */ p => absKernel<f32>(p), p => absKernel<f64>(p),
  /* Sign */ p => signKernel<f32>(p), p => signKernel<f64>(p),
  /* Floor */ p => floorKernel<f32>(p), p => floorKernel<f64>(p),
  /* Square */ p => squareKernel<f32>(p), p => squareKernel<f64>(p),
  /* Sqrt */ p => sqrtKernel<f32>(p), p => sqrtKernel<f64>(p),
  /* Reciprocal */ p => reciprocalKernel<f32>(p), p => reciprocalKernel<f64>(p),
  /* Exp */ p => expKernel<f32>(p), p => expKernel<f64>(p),
  /* Expm1 */ p => expm1Kernel<f32>(p), p => expm1Kernel<f64>(p),
  /* Log */ p => logKernel<f32>(p), p => logKernel<f64>(p),
  /* Log1p */ p => log1pKernel<f32>(p), p => log1pKernel<f64>(p),
  /* Sin */ p => sinKernel<f32>(p), p => sinKernel<f64>(p),
  /* Cos */ p => cosKernel<f32>(p), p => cosKernel<f64>(p),
  /* Tanh */ p => tanhKernel<f32>(p), p => tanhKernel<f64>(p),
  /* Atanh */ p => atanhKernel<f32>(p), p => atanhKernel<f64>(p),
  /* Sigmoid */ p => sigmoidKernel<f32>(p), p => sigmoidKernel<f64>(p),
  /* Softplus */ p => softplusKernel<f32>(p), p => softplusKernel<f64>(p),
  /* Relu */ p => reluKernel<f32>(p), p => reluKernel<f64>(p),
  /* Gelu */ p => geluKernel<f32>(p), p => geluKernel<f64>(p),
  /* Silu */ p => siluKernel<f32>(p), p => siluKernel<f64>(p),
  /* Elu */ p => eluKernel<f32>(p), p => eluKernel<f64>(p),
  /* LeakyRelu */ p => leakyReluKernel<f32>(p), p => leakyReluKernel<f64>(p),
  /* Clip */ p => clipKernel<f32>(p), p => clipKernel<f64>(p),
  /* Affine */ p => affineKernel<f32>(p), p => affineKernel<f64>(p),
  /* Pow */ p => powKernel<f32>(p), p => powKernel<f64>(p),
  /* AbsGrad */ p => absGrad<f32>(p), p => absGrad<f64>(p),
  /* TanhGrad */ p => tanhGrad<f32>(p), p => tanhGrad<f64>(p),
  /* SigmoidGrad */ p => sigmoidGrad<f32>(p), p => sigmoidGrad<f64>(p),
  /* SoftplusGrad */ p => softplusGrad<f32>(p), p => softplusGrad<f64>(p),
  /* ReluGrad */ p => reluGrad<f32>(p), p => reluGrad<f64>(p),
  /* GeluGrad */ p => geluGrad<f32>(p), p => geluGrad<f64>(p),
  /* SiluGrad */ p => siluGrad<f32>(p), p => siluGrad<f64>(p),
  /* EluGrad */ p => eluGrad<f32>(p), p => eluGrad<f64>(p),
  /* LeakyReluGrad */ p => leakyReluGrad<f32>(p), p => leakyReluGrad<f64>(p),
  /* ClipGrad */ p => clipGrad<f32>(p), p => clipGrad<f64>(p),
  /* Add */ p => addKernel<f32>(p), p => addKernel<f64>(p),
  /* Sub */ p => subKernel<f32>(p), p => subKernel<f64>(p),
  /* Mul */ p => mulKernel<f32>(p), p => mulKernel<f64>(p),
  /* Div */ p => divKernel<f32>(p), p => divKernel<f64>(p),
  /* Max */ p => maxKernel<f32>(p), p => maxKernel<f64>(p),
  /* Min */ p => minKernel<f32>(p), p => minKernel<f64>(p),
  /* Greater */ p => greaterKernel<f32>(p), p => greaterKernel<f64>(p),
  /* GreaterEqual */ p => greaterEqualKernel<f32>(p), p => greaterEqualKernel<f64>(p),
  /* Less */ p => lessKernel<f32>(p), p => lessKernel<f64>(p),
  /* LessEqual */ p => lessEqualKernel<f32>(p), p => lessEqualKernel<f64>(p),
  /* Equal */ p => equalKernel<f32>(p), p => equalKernel<f64>(p),
  /* MaxRows */ p => maxRows<f32>(p), p => maxRows<f64>(p),
  /* ArgMaxRows */ p => argMaxRows<f32>(p), p => argMaxRows<f64>(p),
  /* LogSumExpRows */ p => logSumExpRows<f32>(p), p => logSumExpRows<f64>(p),
  /* SoftmaxRows */ p => softmaxRows<f32>(p), p => softmaxRows<f64>(p),
  /* LogSoftmaxRows */ p => logSoftmaxRows<f32>(p), p => logSoftmaxRows<f64>(p),
  /* SoftmaxRowsGrad */ p => softmaxRowsGrad<f32>(p), p => softmaxRowsGrad<f64>(p),
  /* LogSoftmaxRowsGrad */ p => logSoftmaxRowsGrad<f32>(p), p => logSoftmaxRowsGrad<f64>(p),
  /* MaskFill */ p => maskFill<f32>(p), p => maskFill<f64>(p),
  /* PickRows */ p => pickRows<f32>(p), p => pickRows<f64>(p),
  /* PickRowsGrad */ p => pickRowsGrad<f32>(p), p => pickRowsGrad<f64>(p),
  /* GatherRows */ p => gatherRows<f32>(p), p => gatherRows<f64>(p),
  /* GatherBytes */ p => gatherBytes<f32>(p), p => gatherBytes<f64>(p),
  /* ScatterAddRows */ p => scatterAddRows<f32>(p), p => scatterAddRows<f64>(p),
  /* DotRows */ p => dotRows<f32>(p), p => dotRows<f64>(p),
  /* Gemm */ p => gemm<f32>(p), p => gemm<f64>(p),
  /* GemmBytes */ p => gemmBytes<f32>(p), p => gemmBytes<f64>(p),
  /* Pool */ p => pool<f32>(p), p => pool<f64>(p),
  /* LayerNorm */ p => layerNorm<f32>(p), p => layerNorm<f64>(p),
  /* LayerNormGrad */ p => layerNormGrad<f32>(p), p => layerNormGrad<f64>(p),
  /* Im2Col */ p => im2Col<f32>(p), p => im2Col<f64>(p),
  /* Col2Im */ p => col2Im<f32>(p), p => col2Im<f64>(p),
  /* LstmCell */ p => lstmCell<f32>(p), p => lstmCell<f64>(p),
  /* LstmCellGrad */ p => lstmCellGrad<f32>(p), p => lstmCellGrad<f64>(p),
  /* GruCell */ p => gruCell<f32>(p), p => gruCell<f64>(p),
  /* GruCellGrad */ p => gruCellGrad<f32>(p), p => gruCellGrad<f64>(p),
  /* SumSquares */ p => sumSquares<f32>(p), p => sumSquares<f64>(p),
  /* ClipCoefficient */ p => clipCoefficient<f32>(p), p => clipCoefficient<f64>(p),
  /* Sgd */ p => sgd<f32>(p), p => sgd<f64>(p),
  /* RmsProp */ p => rmsProp<f32>(p), p => rmsProp<f64>(p),
  /* Adam */ p => adam<f32>(p), p => adam<f64>(p),
  /* Tick */ p => tick<f32>(p), p => tick<f64>(p),
  /* RandomUniform */ p => randomUniform<f32>(p), p => randomUniform<f64>(p),
  /* RandomNormal */ p => randomNormal<f32>(p), p => randomNormal<f64>(p),
  /* RandomIntegers */ p => randomIntegers<f32>(p), p => randomIntegers<f64>(p),
  /* RandomPermutation */ p => randomPermutation<f32>(p), p => randomPermutation<f64>(p),
  /* RandomCategorical */ p => randomCategorical<f32>(p), p => randomCategorical<f64>(p),
  /* RandomOutcomes */ p => randomOutcomes<f32>(p), p => randomOutcomes<f64>(p),
];

/** Runs one instruction; p is the address of its first argument. */
// @ts-ignore: decorator
@inline
export function execute(code: i32, p: usize): void { unchecked(kernels[code])(p); }
