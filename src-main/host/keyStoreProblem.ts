/** Why a key store did not do what it was asked, in its own sentence; null when it did. A locked keychain is no mistake of ours. */
export async function keyStoreProblem(act: Promise<void>): Promise<string | null> {
  try {
    await act;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'The key store did not answer.';
  }
}
