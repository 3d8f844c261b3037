import { expect, test } from '@jest/globals';
import { joinPaths, renderExports } from '../../../dev/platform/render.ts';

test('joinPaths puts the tools in front and names no folder twice', () => {
  expect(joinPaths('/tools:/usr/bin', '/home/me/bin:/usr/bin:')).toBe('/tools:/usr/bin:/home/me/bin');
});

test('renderExports survives a quote in a value', () => {
  const addresses = { KUBECONFIG: "/it's/config", TEMPORAL_ADDRESS: 't:1', PROMETHEUS_URL: 'http://p' };
  expect(renderExports(addresses).split('\n')[0]).toBe("export KUBECONFIG='/it'\\''s/config'");
});
