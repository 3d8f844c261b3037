import type { Flag, Verb } from './verbs.ts';

/** Writes a completion script from the table of verbs. */
type Writer = (verbs: readonly Verb[]) => string;

export type Shell = 'bash' | 'zsh' | 'fish';
export const shells: Record<Shell, Writer> = { bash, zsh, fish };

/** Needs nothing of the bash-completion package, which not every machine has. */
function bash(verbs: readonly Verb[]): string {
  const cases = verbs.map(
    (verb) => `    ${verb.name})
      flags="${verb.flags.flatMap(namesOf).join(' ')}"
      words="${Array.isArray(verb.argument) ? verb.argument.join(' ') : ''}"
      files=${verb.argument === 'file' || verb.thenFile ? 'yes' : ''}
      ;;`,
  );
  const values = [...new Map(choosing(verbs).map((flag) => [flag.long, flag])).values()].map(
    (flag) => `    ${namesOf(flag).join('|')})
      COMPREPLY=($(compgen -W "${flag.choices.join(' ')}" -- "$word"))
      return
      ;;`,
  );
  const free = [...new Set(taking(verbs).flatMap(namesOf))];
  return `# bash completion for sluice
_sluice() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" flags words files
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${verbs.map(({ name }) => name).join(' ')} --help" -- "$word"))
    return
  fi
  case "$before" in
${values.join('\n')}
    ${free.join('|')})
      return
      ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *)
      return
      ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
  elif [[ -n $files && ( -z $words || $COMP_CWORD -gt 2 ) ]]; then
    COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -o filenames -F _sluice sluice
`;
}

function zsh(verbs: readonly Verb[]): string {
  const described = verbs.map(({ name, about }) => `    ${single(`${name}:${about}`)}`);
  const cases = verbs.map((verb) => {
    const specs = [...verb.flags.flatMap(zshFlag), ...zshArgument(verb)].map(
      (spec) => `        ${single(spec)}`,
    );
    return `    ${verb.name})\n      _arguments \\\n${specs.join(' \\\n')}\n      ;;`;
  });
  return `#compdef sluice
# zsh completion for sluice
_sluice() {
  local -a verbs
  verbs=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _sluice ]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

function zshFlag(flag: Flag): readonly string[] {
  const about = flag.about.replace(/[[\]:]/g, ' ');
  const value = flag.choices.length > 0 ? `:value:(${flag.choices.join(' ')})` : ':value: ';
  return namesOf(flag).map((name) => `${name}[${about}]${flag.takesValue ? value : ''}`);
}

function zshArgument({ argument, thenFile }: Verb): readonly string[] {
  if (argument === null) return [];
  if (argument === 'file') return ['1:file:_files'];
  const first = argument === 'name' ? '1:name: ' : `1:choice:(${argument.join(' ')})`;
  return thenFile ? [first, '2:file:_files'] : [first];
}

function fish(verbs: readonly Verb[]): string {
  const names = verbs.map(({ name }) => name).join(' ');
  const lines = verbs.flatMap((verb) => {
    const seen = `-n ${single(`__fish_seen_subcommand_from ${verb.name}`)}`;
    const argument = Array.isArray(verb.argument)
      ? [`complete -c sluice ${seen} -a ${single(verb.argument.join(' '))}`]
      : [];
    const files = verb.argument === 'file' || verb.thenFile ? [`complete -c sluice ${seen} -F`] : [];
    return [
      `complete -c sluice -n ${single(`not __fish_seen_subcommand_from ${names}`)} -a ${verb.name} -d ${single(verb.about)}`,
      ...argument,
      ...files,
      ...verb.flags.map((flag) => `complete -c sluice ${seen} ${fishFlag(flag)}`),
    ];
  });
  return `# fish completion for sluice\ncomplete -c sluice -f\n${lines.join('\n')}\n`;
}

function fishFlag({ long, short, about, takesValue, choices }: Flag): string {
  return [
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(takesValue ? ['-x'] : []),
    ...(choices.length > 0 ? [`-a ${single(choices.join(' '))}`] : []),
    `-d ${single(about)}`,
  ].join(' ');
}

function choosing(verbs: readonly Verb[]): readonly Flag[] {
  return verbs.flatMap(({ flags }) => flags.filter(({ choices }) => choices.length > 0));
}

function taking(verbs: readonly Verb[]): readonly Flag[] {
  return verbs.flatMap(({ flags }) => flags.filter((flag) => flag.takesValue && flag.choices.length === 0));
}

function namesOf({ long, short }: Flag): readonly string[] {
  return short === null ? [long] : [short, long];
}

/** In single quotes; a quote inside becomes a typographic one: no shell reads it, people do. */
function single(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
