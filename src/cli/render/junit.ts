import { nameText } from '../rollouts/name.ts';
import type { Summary } from '../summary/summary.ts';
import { keepStanding, type PhaseStanding, planStandings } from './phases.ts';
import { span } from '../../domain/rollout/span.ts';
import { oneLine, percent } from './words.ts';

interface TestCase {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why; empty for what passed. */
  readonly why: string;
}

/** A rollout as a JUnit report, for CI systems that show tests: a case a phase, and one for the whole. */
export function junitReport(summary: Summary): string {
  const { rollout, plan } = summary;
  const name = rollout === null ? 'rollout' : nameText(rollout);
  const suite = plan === null ? name : `${name} to ${plan.release.version}`;
  const cases = [...phaseCases(summary), wholeCase(summary)];
  const amount = (result: TestCase['result']) => cases.filter((it) => it.result === result).length;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' +
    `  <testsuite name=${quoted(suite)} tests="${cases.length}" failures="${amount('failed')}" skipped="${amount('skipped')}">\n` +
    cases.map((it) => caseElement(it, name)).join('') +
    '  </testsuite>\n</testsuites>\n'
  );
}

function phaseCases(summary: Summary): readonly TestCase[] {
  const plan = summary.state?.plan ?? summary.plan;
  if (plan === null) return [];
  const phases = planStandings(plan, summary.state).map((standing, index) => {
    const weight = percent(plan.phases[index]?.weightPercent ?? NaN);
    return testCase(`phase ${index + 1}: ${weight}`, standing, summary);
  });
  const keep = keepStanding(plan, summary.state);
  if (keep === null) return phases;
  return [...phases, testCase(`old release kept: ${span(plan.keepOldMs)}`, keep, summary)];
}

function testCase(name: string, standing: PhaseStanding, { sentence }: Summary): TestCase {
  if (standing === 'done') return { name, result: 'passed', why: '' };
  if (standing === 'stopped') return { name, result: 'failed', why: sentence };
  return { name, result: 'skipped', why: standing === 'now' ? 'under way' : 'not begun' };
}

function wholeCase({ standing, sentence }: Summary): TestCase {
  const result =
    standing === 'promoted'
      ? 'passed'
      : standing === 'running' || standing === 'unknown'
        ? 'skipped'
        : 'failed';
  return { name: 'promoted', result, why: result === 'passed' ? '' : `${standing}: ${sentence}` };
}

function caseElement({ name, result, why }: TestCase, suite: string): string {
  const head = `    <testcase classname=${quoted(suite)} name=${quoted(name)}`;
  if (result === 'passed') return `${head}/>\n`;
  const element = result === 'failed' ? 'failure' : 'skipped';
  return `${head}><${element} message=${quoted(why)}>${escaped(why)}</${element}></testcase>\n`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return oneLine(text).replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}
