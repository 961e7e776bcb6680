"""A film in High-Throughput JPEG 2000, for which no encoder is at hand.

It is the film of `fidelity.KINDS[2]` (40 rows, 60 columns, 12 bits in 16), encoded without loss by
OpenJPH 0.26.3.
"""

from __future__ import annotations

from base64 import b85decode

HTJ2K_STREAM = b85decode(
    "|4;u>04YEK0000y0000e00000000000000y0000e0000000000009pH0sl|{2mk^A000XAQUDA90ssL31q1{@0smY86C"
    "j9?kdTm&kdTm&kdTmwh=~7W02crOPjF>!N>E53R%LP^FfKASE;BCwkN^q*0000CqyPc`lfVEg0PFuT?JN34=K_JW0Kfn"
    "hFaQM500h7<B*+u@0RprDrR4zubO5060D*J>zyKDM00CJ509Jrex5kSfIs%g#ko^LE!HBar0GW&s(YSRp001Dh0Et#og"
    "AyV{^#TARl>op17hwPZUCaOhc7RE9gWZFfqfX4lKh?bGzt2am#?~j(^&m1`5+bIL7V!W<cC(VtmQaQw@BjeOumKYy9AF"
    "gX3rns{7J9|f!K|KnN6QI@M^qvrMPDP#;i>G1iJq*Glr8lXhyAZ}?&Kl>fMo<AA+Q13sV^(*UpE0FSS<_GkwoRit)-JY"
    "TLl^$Ip_ocxKfq-VMzoFvk#x7)eb@cH?;^rx{(3E02kMA00s6G00DiTROweP<5DqR$#y3uh+`ueXrGgh?5ZYUQ#+tID5"
    "Rkgl6I^11@JclHc$!V=;GgE5Z!#%aXXAFJj_SCHwyNliVP+8#dr=8ANd#18U+d{-E3{jPenoun{Pga#=1!`28+M+Q`Xc"
    "T^6*HAPZ$-ygX$quI525qG8o6l9t1gAg5-%LWlpVd9ai~j=Pgif3$y(KNsB^_xahRu3xLjrEahZ$Yk@8q+<<hk2tYmn2"
    "n%3B2DS)5(>MaGDL^GdvXf%%geAZshuY`_FbMd>>KSO<JhHUmda)FW2rJeVz^G`}w;(jy-LZ@$GYm>dVW$z{5Pp#mm1z"
    "i1k`j91X@l9|cipHhphR`f?^z{Cf~_u>$Hb3Gf`*CLFG<ygjT@XE?;7}norp<o%8JI6A%kIZC#$B9peCw8qKis&it7TF"
    "ort&)gW)xXIH!{c(FgSc;B>iJOXZ7(rT8~!=Sx0RDzfDigh}g96;OiULHq&`001Bp1Ryb*0_(L?=HEgI0p(n(^670Lq0"
    "ijwKHdYFJ7TO@HV`TH3k@-INcR|yUt6KF5^%*-Lilm;1{e>^gau*Vsggu+Lt%-tM&Lrh5KPS?$q-z`elahIH+r_ZLn93"
    ">>F@7n8kY}Fh7Fkmc%oXvnKD5|g6eQedxCAE)OSl)El#@&SLJB1*7)rK4_}dG%FZlY*{dLAv;4jT$d4A@ynxrB5KMJa4"
    "uJRrPn4y6kk!pq$#ubUPfS2pg5l3}z9Xqn4iN#p1OOITLI5rhKv|grzyL4o1^@wnU(f&x`yxdgfX^s(eG7kq6FgC)6hT"
    "2U440EF5Q%&Z1+KN~I;i6{Zl08<TT6pF@?Uu;4dxKdy__~+WvHS!iEt4=Q3L|I)<M%VZFS%;QU7ZdaILmw8nG`g2=PaS"
    "br}{aCEZCZy=2xdq8$$gxPpTk4e%6D$^+vI3K>%P{g22qZ!Qtc)x3z60#h>gA!~gz+hjW^?%Xs&@l`kpaHoJnJ<KjhAQ"
    "LAFJCJzIq_Sl&0DC4%X5@G#^KLgQpvko67M2`ZQnDF-P(HFaa8g~`n9d8K=dI88?m{>fJ-WeBxd*eaDLZS(olhp9aky;"
    "em$HI1CYnA9Ggw#$JFos^v40^rjP{A~2gt$R3T@9Nz_g$i3@uNKIr4U(i7o&lHdT#=DfOAs>WUD_xm<I5aq8EVLLwTum"
    "8iUvM4`C1Q}!26Wt@N6wd5^!M}Eo`RxDgOm2$``5}mO0Wy!!+0V;`uml0p)8epqBk&~nP3=&7F{gJIt!EH=6Aa=pXonX"
    "M((>B@k-6f0prjd1GV712q1i*S=zwfE4aK#uh=2&MCDb{5CBL=iEjXvv0s`rn=Gn)Kw=ESEJp~H*|ADn3Tak-{m&oZlg"
    "dfTYN2Fafm+aKENok>qA5JW<bGA2g>ctC8k%5hJWyGhgRD3biQAfWQ&n6UGDN_m)gD67VGAP`#NB+?-ZQWNT|e|il4iF"
    ";mx*RQdeWca##$!yFND##({qo1P(lsOTI1AEqfv+pc;GCo2Joh+I2t$Ft@rs)+z!ZhJk$;K_w&Z4a#9;cmk*gm{TvSjl"
    "yBgRK1!38OG0h9dV67MC5Yr~)cVLJ5}fhpikQ^Z%tFY%+?01QN?<>vqa6_vmM2BWZ!vGO5MV5LFe5U67+C1kH5@aj^bQ"
    "BGR9LDGaB4*_Iet_q|f%8;qyV&rG8p<SL;kg@<u9HG1d2ml2^haF`M8moZFWH3$xguYn0N|Z{uEI{d9Ld1du5HLZBiU@"
    "#NV2A(!hy<`8fSL$EFu4cF0g`D0r)qS%uQ&@x^=Uvvc2SHdzyMLF>U3#H^m2-u8PW2|ppdZZ#R29nKt#8YG0$c2L7RLJ"
    "3gFL{osr{l0(j%YCX_5liHpbm8tomGwFQ3o&(!?9=Ag+ugg9Yn7SE+f+Tg6j&5>+=HjBLNKaWBn<iKfOI?=nvMkhSM$t"
    "5*db6-?T>YX|{7=|%y%y}a^=E$mU)Ibx+#~oIQemJFU1CDJWzr(W~7_FXjF;Tc7Xo57{3R>=Z(d%Q;oIA5SX>~9|NO`d"
    "t`l+PL^qh{jpzD<!mm?Bye@_D%=HU7_OLq}aY~^B=0VK2tc1Xh1w$-v=Xt7`t5D5vLUc`fXsywyo5VY<$$8lNbQwxs)0"
    "`}**E96@&l)<Zh=&f}lW(GCagiRK}oKgXgpNQI=%?wAz;iB@As&T&c^@rp?dCjXAPQC+wsKQpU=dmv#?NJP1kHkhw&zF"
    "NJV^Bc-kbA&`w5fR!6ozmDPTx{<G+6`yrNq=Ae{OO0ELS_n?~-b1kTU2*bSac5cF#!tgF%xLiAL}!V-Y2nY`e=4HE>6e"
    "Dh^CJdaIFe(nLxr3*3j4o)mW$yaJ%h0Y~0`2w{|AV*#MMUe~yw0l&QPRLjtNFqmTg>J#mnTkQy!ojh-xVep6?+$2KPfk"
    "Min`~ILMufXY;JgQNds}MXh!l;aBdN$$Bz6n$=jcgrGTNc%Hlt?WTYyeJu0!+E)QnhwK54GTAp<JL|m>rj>63I!+TsYL"
    "GOaEylGBlAg0<(gByw8r1CR0pfIs;!|;IX47E{5NS(L={@g-HNOgK=cY;nlLTX-g2a#xPNYd@5ZSY@#-lI{-y^M5>gem"
    "DvipC`PJKpznuXT$}(xFe$GpQoSx{y|^luGsVY)I6!Yg0$dblili&Tq;`;{4~YCv6msxc$^!@<TpApu90I87JDRmaIx3"
    "-36-rc3d=LpqII25(R|FLTWTm4VV*(&F0SFiY5DjoZ0^tZC0t5gi1ONfB2p-k2GEx?7<-91syObzMU3l-Z5Iv^wmfn=3"
    "!KbI9*obwEY$Fligu5K91UXG*d_ls8f`~}<%@v1m<SiPiR*8y+=A+okfP%$B0`QBNjcU)|@1#J7V8_072z~@LFg*$+eR"
    "mF+<nhP-tP^4x5A1|N5P5dJj6}~bTisJ$d%)8ASUX~<5zV;t_zPG;nnxdCoDn``H6unsnB=JBcH|Zgau_^D-KUaLi`=K"
    "MR4-N9zS1*;8t-2^mUs#6<L974TSqR&tthMmD!Am)U_R$#QX8Ry5c{bb*KB}69_PAsKtsPj)a(Ums%c2GlCniV)#Vb?%"
    "N#`BJS|T)63B`&VHWfEutO9=7bMN6L^XwpriR4G&<GzdIJHibC*G+C1vc<Z9C&LZ#I%GPQ&Tuwv<6%|TYtJRpUamHT^j"
    "<j$f4=b$R%y`zQ{5xXR<=@8Qicf?xB;VJ`=yJoRDT8Ckrr`D1U=N<dnrp8~QDXX<;p|aUV>pH(g7t+D0=d5{FwK&j_ig"
    "YN6WOYtr*ztknJ_!1z(9zQ}wtK&5A8R(VPDV@}j|r@!%)&H;O^C1b4tTug(zC=XIfV8LnY+6Yz-6pua4CkC`~lL%@SX2"
    "@fOLLmA91}+vaK&J6BtAx?*iYo0T%uTGrN2(jF_JJS*x7BOzkPJ^;NL9Bf6Q-@V0$40w2rkINOp=7`&6Lx};^I^4DHiD"
    "?3NITI%kWGmO>0g_MnHPa#|6r(AXOEnTZXr6siX=PrJ1Cv0YNS|fgoUDsY;{5r(p@KFuKPh*v~^dzvd<2s-o>ZGX^i=x"
    "dAg;MW(dyW5xg$6Ci~^)`*0c-KaS@M1=y~S9Pb7<3cyZ>^y7~dwh>xcJa4~)o5dDI;(^JXo3J`@?DY94Rordg~cAHE~s"
    "J3Rlo!#z*m&S0uDl=8dqL&6Q>kJQ40?$;Z(V=RSF*<9_OJ5gmUoVp*Uq7mGcH$lEjTvd_NHY4Cp}Aj8Y<5($ys)g@RT`"
    "gIBDT;zv}x08*rqi;w_>0sw>ppg{o^5P%DWAQaRg0<MG*1Ca>-*#"
)
