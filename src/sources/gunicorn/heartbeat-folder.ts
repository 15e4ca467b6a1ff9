/** Where a master's heartbeat files lie, whatever its settings say of it (`worker_tmp_dir`, TMPDIR). */
import { dirname } from 'node:path';
import { listDescriptors, readDescriptor } from './proc.ts';
import { heartbeatName } from './process-view.ts';

/** As the master names it. Null without permission, or while it has no worker. */
export function heartbeatFolder(masterPid: number): string | null {
  const links = (listDescriptors(masterPid) ?? []).map((fd) => readDescriptor(masterPid, fd) ?? '');
  const link = links.find((one) => one.startsWith('/') && heartbeatName(one) !== null);
  return link === undefined ? null : dirname(link);
}
