export async function run(): Promise<object> {
  return {};
}
