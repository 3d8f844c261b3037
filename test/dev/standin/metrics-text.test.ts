import { expect, test } from '@jest/globals';
import { withPythonBounds } from '../../../dev/standin/metrics-text.ts';

test.each([
  ['x_bucket{le="1"} 5', 'x_bucket{le="1.0"} 5'],
  ['x_bucket{engine="0",le="7680",model_name="m"} 5', 'x_bucket{engine="0",le="7680.0",model_name="m"} 5'],
  ['x_bucket{le="0.5"} 1', 'x_bucket{le="0.5"} 1'],
  ['x_bucket{le="+Inf"} 1', 'x_bucket{le="+Inf"} 1'],
  ['x{tile="1"} 1', 'x{tile="1"} 1'],
  ['x{model_name="a,le=\\"1\\""} 1', 'x{model_name="a,le=\\"1\\""} 1'],
])('%s', (written, wanted) => {
  expect(withPythonBounds(written)).toBe(wanted);
});
