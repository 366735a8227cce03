/** Order of versions by their numbers: `4.104.0` comes after `4.91`, and `5` is `5.0.0`. */
export function compareVersions(left, right) {
  const [a, b] = [left, right].map((version) => String(version).split(/[.-]/).map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] || 0) - (b[index] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isBefore(version, other) {
  return compareVersions(version, other) < 0;
}
