/** Bytes that all files of a ConfigMap may have together (Kubernetes: ValidateConfigMap, MaxSecretSize). */
export const configMapBytes = 1024 ** 2;
